<?php

/**
 * @file
 * What PHP itself makes of serialised data, asked over pipes.
 *
 * A batch is a length (32 bits, little endian) and so many bytes: questions,
 * each a letter, a length and bytes. The answer to a batch has the same form,
 * an answer each: a length and the text, whose parts are separated by spaces.
 */

declare(strict_types=1);

// A script and what it needs in one file; eval() declares what data names.
// phpcs:disable PSR1, Generic.PHP.ForbiddenFunctions

/**
 * A session store that hands out what is to be read.
 */
final class Given implements SessionHandlerInterface {

  public static string $data = '';

  public function open(string $path, string $name): bool {
    return TRUE;
  }

  public function close(): bool {
    return TRUE;
  }

  public function read(string $id): string {
    return self::$data;
  }

  public function write(string $id, string $data): bool {
    return TRUE;
  }

  public function destroy(string $id): bool {
    return TRUE;
  }

  public function gc(int $max_lifetime): int {
    return 0;
  }

}

enum Suit: string {
  case Hearts = 'h';
  case Spades = 's';
}

/**
 * An object as flash messages hold one.
 */
final class Markup {

  public function __construct(protected string $string, private ?object $of = NULL) {}

}

/**
 * As Symfony reads a bag and Drupal a user id; in the strict spelling only.
 */
function plain_uid(): int {
  $bag = $_SESSION['_sf2_attributes'] ?? NULL;
  $uid = is_array($bag) ? $bag['uid'] ?? NULL : NULL;
  if (is_string($uid) && preg_match('/^[1-9][0-9]{0,9}$/D', $uid)) {
    $uid = (int) $uid;
  }
  return is_int($uid) && $uid > 0 && $uid <= 0xFFFFFFFF ? $uid : 0;
}

/**
 * Whether the user id, or its bag, is there by reference.
 */
function by_reference(): bool {
  return ReflectionReference::fromArrayElement($_SESSION, '_sf2_attributes')
    || ReflectionReference::fromArrayElement($_SESSION['_sf2_attributes'], 'uid');
}

/**
 * Declares the enums that the data names, so that PHP can take them.
 *
 * False where the name cannot be declared: then the answer says nothing.
 */
function declare_enums(string $data): bool {
  $name = '[A-Za-z_\x80-\xff][\w\x80-\xff]*';
  preg_match_all("/E:\\d+:\"((?:$name\\\\)*)($name):($name)\"/", $data, $found, PREG_SET_ORDER);
  foreach ($found as [, $space, $class, $case]) {
    if (defined("$space$class::$case")) {
      continue;
    }
    try {
      $in = $space === '' ? '' : 'namespace ' . rtrim($space, '\\') . ';';
      if (class_exists($space . $class, FALSE)) {
        return FALSE;
      }
      eval("$in enum $class { case $case; }");
    }
    catch (Throwable) {
      return FALSE;
    }
  }
  return TRUE;
}

/**
 * Whether there may be a property that is hidden, but from no class.
 *
 * PHP passes it on for a class that it does not know, and refuses it for one
 * that it does: it never makes one itself.
 */
function odd_property(string $data): bool {
  return preg_match('/s:\d+:"\0(?:[^\0"]*"|\0)/', $data) === 1;
}

/**
 * "accepted uid by-reference canonical", or "class" where a class decides.
 */
function session(string $handler, string $data): string {
  if (!declare_enums($data)) {
    return 'class';
  }
  ini_set('session.serialize_handler', $handler);
  Given::$data = $data;
  try {
    $accepted = @session_start();
    $uid = $accepted ? plain_uid() : 0;
    return sprintf('%d %d %d %d', $accepted, $uid,
      $uid !== 0 && by_reference(), $accepted && !odd_property($data) && @session_encode() === $data);
  }
  catch (Throwable) {
    return 'class';
  }
  finally {
    if (session_status() === PHP_SESSION_ACTIVE) {
      session_abort();
    }
    $_SESSION = [];
  }
}

/**
 * "accepted canonical", or "class".
 */
function value(string $data): string {
  if (!declare_enums($data)) {
    return 'class';
  }
  try {
    $value = @unserialize($data);
    $accepted = $value !== FALSE || str_starts_with($data, 'b:0;');
    return sprintf('%d %d', $accepted, $accepted && !odd_property($data) && @serialize($value) === $data);
  }
  catch (Throwable) {
    return 'class';
  }
}

/**
 * "accepted admin canonical" and the permissions, each in base64 behind a `:`.
 */
function role(string $data): string {
  $role = @unserialize($data, ['allowed_classes' => FALSE]);
  if (!is_array($role)) {
    return '0 0 0';
  }
  $permissions = $role['permissions'] ?? [];
  $permissions = array_filter(is_array($permissions) ? $permissions : [], is_string(...));
  $permissions = array_unique($permissions);
  sort($permissions, SORT_STRING);
  try {
    $canonical = !odd_property($data) && serialize($role) === $data;
  }
  catch (Error) {
    // Too deep for PHP to write.
    $canonical = FALSE;
  }
  return sprintf('1 %d %d', (bool) ($role['is_admin'] ?? FALSE), $canonical)
    . implode('', array_map(fn ($name) => ' :' . base64_encode($name), $permissions));
}

/**
 * What PHP itself writes, to start from: sessions, in base64.
 */
function seeds(string $handler): string {
  $markup = new Markup("it's <em>\0é🙂</em>", new ArrayObject(['a' => 1.5]));
  $node = new stdClass();
  $node->self = $node;
  $node->again = $markup;
  $storage = new SplObjectStorage();
  $storage[$node] = 'of a node';
  $list = ['x', NULL, TRUE, -7, 1e100, -0.0, NAN, INF, PHP_INT_MIN];
  $list[] = &$list[0];
  $user = ['uid' => '5', 'check_logged_in' => TRUE];
  $meta = ['u' => 1795459001, 'c' => 1795459001, 'l' => 2000000, 's' => str_repeat('j_-6l', 8)];
  $written = [];
  foreach ([
    ['_sf2_attributes' => $user, '_sf2_meta' => $meta],
    ['_symfony_flashes' => ['status' => [$markup, $markup]], '_sf2_attributes' => $user],
    ['_sf2_attributes' => ['suit' => Suit::Hearts, 'uid' => 7, 'same' => Suit::Hearts]],
    ['x' => $node, '_sf2_attributes' => ['uid' => '4294967295', 'y' => $node]],
    ['_sf2_attributes' => ['l' => $list, 'uid' => '12'], 'z' => $storage],
    ['d' => new DateTimeImmutable('@0'), 'e' => new SplFixedArray(2), '_sf2_attributes' => ['uid' => 3]],
    ['_sf2_attributes' => ['views' => ['user_admin_people' => ['status' => 'All']]]],
    ['_sf2_attributes' => [], 'big' => array_fill(0, 200, ['k' => str_repeat('v', 20)])],
  ] as $session) {
    ini_set('session.serialize_handler', $handler);
    Given::$data = '';
    session_start();
    $_SESSION = $session;
    $written[] = base64_encode(session_encode());
    session_abort();
  }
  $_SESSION = [];
  return implode(' ', $written);
}

function read_bytes(int $length): string {
  $bytes = '';
  while (strlen($bytes) < $length) {
    $more = fread(STDIN, $length - strlen($bytes));
    if ($more === '' || $more === FALSE) {
      exit(0);
    }
    $bytes .= $more;
  }
  return $bytes;
}

$ini = [
  'memory_limit' => '1G',
  'serialize_precision' => '-1',
  'session.use_cookies' => '0',
  'session.use_only_cookies' => '0',
  'session.use_strict_mode' => '0',
  'session.cache_limiter' => '',
  'session.gc_probability' => '0',
  'display_errors' => 'stderr',
];
foreach ($ini as $name => $setting) {
  ini_set($name, $setting);
}
session_set_save_handler(new Given(), FALSE);
session_id('given');

while (TRUE) {
  [, $length] = unpack('V', read_bytes(4));
  $batch = read_bytes($length);
  $answers = '';
  for ($at = 0; $at < $length;) {
    ['kind' => $kind, 'size' => $size] = unpack('Ckind/Vsize', $batch, $at);
    $data = substr($batch, $at + 5, $size);
    $at += 5 + $size;
    $answer = match (chr($kind)) {
      'p' => session('php', $data),
      's' => session('php_serialize', $data),
      'v' => value($data),
      'r' => role($data),
      'w' => seeds($data),
      'V' => PHP_VERSION,
    };
    $answers .= pack('V', strlen($answer)) . $answer;
  }
  fwrite(STDOUT, pack('V', strlen($answers)) . $answers);
}
