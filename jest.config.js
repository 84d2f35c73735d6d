/** @type {import('jest').Config} */
const project = {
    // Does not check types, as tsconfig.json has isolatedModules: that is what `npm run typecheck` is for
    preset: 'ts-jest',
    modulePathIgnorePatterns: ['<rootDir>/obj/'],
    testEnvironment: 'node',
};

/** @type {import('jest').Config} */
module.exports = {
    projects: [
        { ...project, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts'] },
        { ...project, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'] },
        { ...project, displayName: 'package', testMatch: ['<rootDir>/test/package/**/*.pkg.ts'] },
    ],
    collectCoverageFrom: ['src/**/*.ts'],
    coverageDirectory: 'coverage',
    coverageThreshold: { global: { statements: 95, branches: 90, functions: 95, lines: 95 } },
};
