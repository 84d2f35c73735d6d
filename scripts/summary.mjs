/**
 * Prints `N passed, N failed` over all of Jest's JSON results in a folder, as `.ci/run` leaves them there.
 * A step that failed (NAME.failed) without a failed test in its results (NAME*.json) counts as one failure.
 *
 *     node scripts/summary.mjs FOLDER
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const files = readdirSync(folder);

const results = files.filter((file) => file.endsWith('.json')).map(readResult);
const failedSteps = files
    .filter((file) => file.endsWith('.failed'))
    .map((file) => file.replace('.failed', ''))
    .filter((step) => !results.some(({ file, failed }) => file.startsWith(step) && failed > 0));

const passed = sum(results.map((result) => result.passed));
const failed = sum(results.map((result) => result.failed)) + failedSteps.length;
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

function readResult(file) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
        readFileSync(join(folder, file), 'utf8')
    );
    return { file, passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

function sum(numbers) {
    return numbers.reduce((total, number) => total + number, 0);
}
