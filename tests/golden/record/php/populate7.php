<?php

/**
 * @file
 * The same for a Drupal 7, which it installs before.
 *
 * Usage: php populate7.php ROOT HOST < plan
 */

error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);
list(, $root, $host) = $argv;
$plan = json_decode(stream_get_contents(STDIN), TRUE);
chdir($root);
define('DRUPAL_ROOT', $root);
$_SERVER += array('REMOTE_ADDR' => '127.0.0.1', 'REQUEST_METHOD' => 'GET', 'SERVER_SOFTWARE' => '', 'REQUEST_URI' => '/');
$_SERVER['HTTP_HOST'] = $host;
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';

if ($plan['connection']) {
  define('MAINTENANCE_MODE', 'install');
  // With these the installer does not ask for them.
  $settings = "\n\$databases['default']['default'] = " . var_export($plan['connection'], TRUE) . ";\n";
  $settings .= "\$drupal_hash_salt = '" . bin2hex(random_bytes(16)) . "';\n";
  file_put_contents("$root/sites/default/settings.php", $settings, FILE_APPEND);
  require_once DRUPAL_ROOT . '/includes/install.core.inc';
  install_drupal(array(
    'interactive' => FALSE,
    'parameters' => array('profile' => 'minimal', 'locale' => 'en'),
    'server' => array('HTTP_HOST' => $host, 'SCRIPT_NAME' => '/index.php'),
    'forms' => array(
      'install_configure_form' => array(
        'site_name' => 'Golden',
        'site_mail' => 'site@golden.test',
        'account' => array(
          'name' => $plan['root']['name'],
          'mail' => 'root@golden.test',
          'pass' => array('pass1' => $plan['root']['pass'], 'pass2' => $plan['root']['pass']),
        ),
        'update_status_module' => array(1 => NULL, 2 => NULL),
        'clean_url' => TRUE,
      ),
    ),
  ));
  exit;
}

require_once DRUPAL_ROOT . '/includes/bootstrap.inc';
drupal_bootstrap(DRUPAL_BOOTSTRAP_FULL);
$known = system_rebuild_module_data();
module_enable(array_keys(array_intersect_key(array_flip($plan['modules']), $known)));
variable_set('clean_url', 1);
drupal_flush_all_caches();
$names = array_keys(module_invoke_all('permission'));
sort($names, SORT_STRING);
$rids = array();
foreach ($plan['roles'] as $number => $role) {
  $saved = (object) array('name' => $role['label']);
  user_role_save($saved);
  $rids[$role['id']] = $saved->rid;
  $permissions = array();
  foreach ($names as $name) {
    if ($role['admin'] || crc32("$number $name") % 7 < $role['share']) {
      $permissions[] = $name;
    }
  }
  user_role_grant_permissions($saved->rid, $permissions);
}
user_role_grant_permissions(DRUPAL_ANONYMOUS_RID, array('access content'));
user_role_grant_permissions(DRUPAL_AUTHENTICATED_RID, array('access content', 'access user profiles'));
foreach ($plan['users'] as $number => $user) {
  $roles = array();
  foreach ($user['roles'] as $id) {
    $roles[$rids[$id]] = $id;
  }
  user_save((object) array('is_new' => TRUE), array(
    'name' => $user['name'],
    'pass' => $user['pass'],
    'mail' => "user$number@golden.test",
    'status' => 1,
    'roles' => $roles,
  ));
}
echo json_encode(array(
  'version' => VERSION,
  'uids' => array_map('intval', db_query('SELECT name, uid FROM {users}')->fetchAllKeyed()),
));
