/** @type {import('jest').Config} */
const project = {
    preset: 'ts-jest',
    testEnvironment: 'node',
};

/** @type {import('jest').Config} */
module.exports = {
    projects: [
        { ...project, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts'] },
        { ...project, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'] },
    ],
};
