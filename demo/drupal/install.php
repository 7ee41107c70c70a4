<?php

/**
 * @file
 * Installs Drupal on a database that is told on standard input, as JSON in the
 * words of $databases.
 *
 * Usage: php install.php ROOT URL NAME < connection
 */

declare(strict_types=1);

[, $root, $url, $name] = $argv;
$connection = json_decode((string) stream_get_contents(STDIN), TRUE, flags: JSON_THROW_ON_ERROR);
$driver = $connection['driver'];
$connection += [
  'prefix' => '',
  'host' => 'localhost',
  'namespace' => "Drupal\\$driver\\Driver\\Database\\$driver",
  'autoload' => "core/modules/$driver/src/Driver/Database/$driver/",
];

$site = "$root/sites/default";
if (!is_dir("$site/files")) {
  mkdir("$site/files/config", 0700, TRUE);
}
$settings = (string) file_get_contents("$site/default.settings.php");
$settings .= "\n\$databases['default']['default'] = " . var_export($connection, TRUE) . ";\n";
foreach (['hash_salt' => bin2hex(random_bytes(32)), 'config_sync_directory' => 'sites/default/files/config', 'skip_permissions_hardening' => TRUE] as $key => $value) {
  $settings .= "\$settings['$key'] = " . var_export($value, TRUE) . ";\n";
}
file_put_contents("$site/settings.php", $settings);
chmod("$site/settings.php", 0600);

chdir($root);
$autoloader = require "$root/autoload.php";
require_once "$root/core/includes/install.core.inc";
install_drupal($autoloader, [
  'interactive' => FALSE,
  'site_path' => 'sites/default',
  'server' => ['HTTP_HOST' => (string) preg_replace('#^\w+://#', '', $url)],
  'parameters' => ['profile' => 'minimal', 'langcode' => 'en'],
  'forms' => [
    'install_configure_form' => [
      'site_name' => $name,
      'site_mail' => 'site@site.test',
      'account' => [
        'name' => 'admin',
        'mail' => 'admin@site.test',
        'pass' => ['pass1' => 'admin', 'pass2' => 'admin'],
      ],
      'enable_update_status_module' => NULL,
      'enable_update_status_emails' => NULL,
    ],
  ],
]);
