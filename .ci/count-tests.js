// Prints the last line of a CI run from vitest's JSON reports. Fails where a test failed, none ran or a report is missing.
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    passed += report.numPassedTests;
    // A file that could not be loaded has no tests that could fail.
    const unloaded = report.testResults.filter(({ status, assertionResults }) => {
      return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
    });
    failed += report.numFailedTests + unloaded.length;
    if (report.numPassedTests === 0) process.exitCode = 1;
  } catch (error) {
    console.error(`no test report: ${error.message}`);
    process.exitCode = 1;
  }
}
if (failed > 0) process.exitCode = 1;
console.log(`tests: ${passed} passed, ${failed} failed`);
