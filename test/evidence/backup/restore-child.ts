// Runs one command line as a process of its own, for tests that kill it: FOLDER, then the words.
Reflect.deleteProperty(Object.prototype, '__proto__');
const { main } = await import('../../../src/cli/main.ts');

const [folder = '', ...argv] = process.argv.slice(2);
process.chdir(folder);
const { stdin, stdout, stderr, env } = process;
process.exitCode = await main(argv, { stdin, stdout, stderr, env });
