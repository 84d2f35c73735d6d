import { execFileSync } from 'node:child_process';

/** Prints the CPU time in milliseconds that loading a module takes. */
const LOAD = `
const start = process.cpuUsage();
require(process.argv[1]);
const { user, system } = process.cpuUsage(start);
console.log((user + system) / 1000);
`;

/** What is loaded: the whole package, and of the packages of the toolkit the counters alone. */
const PARTS = [
    { measure: 'CPU of loading the package', path: '' },
    { measure: 'CPU of loading obj/src/count', path: '/obj/src/count', adapter: 'toolkit' },
];

/** The size of a package itself, and how long it takes a new process to load it with all that it needs. */
export function measurePackages({ rounds }, contestants, results) {
    const suite = 'The package itself';
    for (const { name, directory } of contestants) {
        const { size, unpackedSize } = pack(directory);
        results.add(suite, 'size of the archive', 'KB', name, size / 1000);
        results.add(suite, 'size unpacked', 'KB', name, unpackedSize / 1000);
    }
    for (let round = 0; round < rounds; round++) {
        for (const { measure, path, adapter } of PARTS) {
            for (const contestant of contestants.filter((each) => adapter === undefined || each.adapter === adapter)) {
                const milliseconds = execFileSync(process.execPath, ['-e', LOAD, contestant.directory + path]);
                results.add(suite, measure, 'ms', contestant.name, Number(milliseconds));
            }
        }
    }
}

/** Asks npm what it would publish; what is built is measured as it is. */
function pack(directory) {
    const report = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: directory,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(report)[0];
}
