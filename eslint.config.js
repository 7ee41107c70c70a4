import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['out/', '**/vendor/', '**/node_modules/', '**/dist/'] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'array-callback-return': 'error',
      curly: 'error',
      eqeqeq: 'error',
      'no-implicit-globals': 'error',
      'no-param-reassign': 'error',
      'no-shadow': 'error',
      'no-use-before-define': ['error', { functions: false, classes: false }],
      'no-var': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['drupal_module/**/js/**/*.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    // Plain scripts that Drupal loads as they are.
    files: ['drupal_module/drupalrt/modules/**/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: {
        Drupal: 'readonly',
        drupalSettings: 'readonly',
        once: 'readonly',
      },
    },
  },
  {
    files: ['demo/web/**/*.js', 'demo/assets/**/*.js'],
    languageOptions: {
      globals: {
        ...globals.browser,
        Drupal: 'readonly',
        drupalSettings: 'readonly',
      },
    },
  },
  {
    // They run functions inside the browser.
    files: ['tests/**/*.js', 'tests/**/*.mjs', 'demo/**/*.mjs'],
    languageOptions: {
      globals: { ...globals.node, ...globals.browser, Drupal: 'readonly' },
    },
  },
];
