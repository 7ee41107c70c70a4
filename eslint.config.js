// The rules of the project's JavaScript: scripts of a page (the browser client,
// the sample site) and programs of Node (builds, tests, benchmarks).
import js from '@eslint/js';
import globals from 'globals';

export default [
  {
    ignores: [
      'out/',
      '**/vendor/',
      '**/node_modules/',
      'drupal_module/**/dist/',
      'modules/',
      'build/',
    ],
  },
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: 'module',
      globals: { ...globals.node },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      curly: ['error', 'multi-line'],
      'default-case-last': 'error',
      eqeqeq: 'error',
      'no-implicit-globals': 'error',
      'no-throw-literal': 'error',
      'no-unused-vars': ['error', { caughtErrors: 'none' }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
      strict: ['error', 'safe'],
    },
  },
  {
    files: ['drupal_module/**/js/**/*.js', 'demo/web/**/*.js'],
    languageOptions: {
      globals: {
        ...globals.browser,
        Drupal: 'readonly',
        drupalSettings: 'readonly',
        once: 'readonly',
      },
    },
  },
];
