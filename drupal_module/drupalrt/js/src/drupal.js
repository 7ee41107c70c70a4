/**
 * @file
 * Drupal.drupalrt: the one connection of a page.
 *
 * Works on plain pages too: what is missing of Drupal and drupalSettings is
 * made up here.
 *
 * @code
 * Drupal.drupalrt.channel('node:7').on((data) => { … });
 * Drupal.drupalrt.on('resync', () => { … });
 * @endcode
 */

import { createClient } from './client.js';

/**
 * The page's settings: drupalSettings, or the JSON from which Drupal makes it.
 */
function pageSettings() {
  if (window.drupalSettings) {
    return window.drupalSettings.drupalrt ?? {};
  }
  const element = document.querySelector(
    'script[data-drupal-selector="drupal-settings-json"]',
  );
  try {
    return JSON.parse(element?.textContent ?? '{}').drupalrt ?? {};
  } catch {
    return {};
  }
}

/**
 * Attaches the client to the page's Drupal object, unless that has one.
 */
function attach() {
  window.Drupal = window.Drupal ?? {};
  if (window.Drupal.drupalrt) {
    return;
  }
  let client = null;
  // The settings are read at first use: a plain page may set them late.
  const shared = () => {
    client = client ?? createClient(pageSettings());
    return client;
  };
  const drupalrt = {
    createClient,
    channel: (name, options) => shared().channel(name, options),
    publish: (name, data) => shared().publish(name, data),
    connect: () => shared().connect(),
    disconnect: () => shared().disconnect(),
    on(event, listener) {
      shared().on(event, listener);
      return drupalrt;
    },
    off(event, listener) {
      shared().off(event, listener);
      return drupalrt;
    },
    get state() {
      return client?.state ?? 'disconnected';
    },
  };
  window.Drupal.drupalrt = drupalrt;
}

attach();
