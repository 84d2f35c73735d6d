import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
    { ignores: ['obj/', 'coverage/', 'docs/api/'] },
    eslint.configs.recommended,
    {
        files: ['**/*.ts'],
        extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            // The converter is a class with one static method because 1.0.1 has it so
            '@typescript-eslint/no-extraneous-class': ['error', { allowStaticOnly: true }],
            '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
            // The toolkit awaits its handlers, though it says that they give nothing back
            '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
            // A parameter that an overridden method has, and the override does not need
            '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
            // An empty text is as good as none
            '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
            // `read: (counter, sink) => sink.add(counter.last)` is clear enough
            '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
        },
    },
    {
        files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
        languageOptions: {
            globals: {
                process: 'readonly',
                console: 'readonly',
                require: 'readonly',
                module: 'readonly',
                URL: 'readonly',
            },
        },
    }
);
