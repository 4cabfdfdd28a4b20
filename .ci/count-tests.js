// Prints the last line of a CI run from vitest's JSON report. Fails where a test failed or none ran.
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  passed = report.numPassedTests;
  // A file that could not be loaded has no tests that could fail.
  const unloaded = report.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  failed = report.numFailedTests + unloaded.length;
} catch (error) {
  console.error(`no test report: ${error.message}`);
}
if (failed > 0 || passed === 0) process.exitCode = 1;
console.log(`tests: ${passed} passed, ${failed} failed`);
