<?php

/**
 * A broker that does as it is told: speaks the link (core/wire/link_format.h),
 * records the frames it gets, and hangs, refuses or dies on command. Real ones
 * cannot be made to fail on purpose.
 *
 * Started by fake_broker.inc with settings as a JSON argument; then one JSON
 * command a line on standard input, each answered by one line. Or started by
 * the extension as `drupalrtd serve --socket PATH --autostarted --ready-fd 3`.
 */

const HELLO = 1, HELLO_REPLY = 2, SITE = 3, PUBLISH = 4, CALL = 5, REPLY = 6,
  SITES = 7, GOODBYE = 8;

function frame(int $type, int $id, array $body): string {
  $json = json_encode($body, JSON_FORCE_OBJECT);
  if ($type === HELLO_REPLY || $type === SITES) {
    $json = json_encode($body);
  }
  return pack('VCCvVV', strlen($json), $type, 0, 0, $id, 0) . $json;
}

/** What a publish frame's body says. */
function publish_body(string $body): array {
  $head = unpack('vcount/Cflags/Czero/Vbytes', $body);
  $at = 8;
  $channels = [];
  for ($i = 0; $i < $head['count']; ++$i) {
    $length = unpack('v', $body, $at)[1];
    $channels[] = substr($body, $at + 2, $length);
    $at += 2 + $length;
  }
  return [
    'type' => 'publish',
    'channels' => $channels,
    'flags' => $head['flags'],
    'data' => substr($body, $at, $head['bytes']),
    'options' => substr($body, $at + $head['bytes']),
  ];
}

final class FakeBrokerServer {
  /** @var array<int, resource> */
  private array $clients = [];
  /** @var array<int, string> Bytes that are no whole frame yet. */
  private array $pending = [];
  /** @var list<array> */
  private array $frames = [];
  private int $offset = 0;
  private $listener;

  public function __construct(string $socket, public array $settings) {
    @unlink($socket);
    $this->listener = stream_socket_server("unix://$socket");
    stream_set_blocking($this->listener, false);
  }

  public function run($commands): void {
    while (true) {
      $readable = $this->deaf() ? [] : [$this->listener, ...$this->clients];
      if ($commands) {
        $readable[] = $commands;
      }
      $none = null;
      if (!stream_select($readable, $none, $none, null)) {
        continue;
      }
      if ($commands && in_array($commands, $readable, true)) {
        $line = fgets($commands);
        if ($line === false) {
          return;
        }
        echo json_encode($this->command(json_decode($line, true))), "\n";
      }
      if (!$this->deaf()) {
        $this->drain();
      }
    }
  }

  /** Hung: takes no connection and reads nothing. */
  private function deaf(): bool {
    return $this->settings['deaf'] ?? false;
  }

  private function command(array $command): mixed {
    switch ($command['do']) {
      case 'frames':
        $this->drain();
        $frames = $this->frames;
        $this->frames = [];
        return $frames;

      case 'set':
        $this->settings = $command['settings'] + $this->settings;
        return true;

      case 'send':
        $this->drain();
        foreach ($this->clients as $client) {
          @fwrite($client, $command['bytes'] ?? frame($command['type'], 0, $command['body']));
        }
        return count($this->clients);

      case 'drop':
        $this->drain();
        foreach (array_keys($this->clients) as $key) {
          $this->close($key);
        }
        return true;
    }
  }

  /** Takes everything that has arrived. */
  private function drain(): void {
    while ($client = @stream_socket_accept($this->listener, 0)) {
      stream_set_blocking($client, false);
      if (isset($this->settings['goodbye'])) {
        @fwrite($client, frame(GOODBYE, 0, $this->settings['goodbye']));
        continue;
      }
      $this->clients[] = $client;
      $this->pending[array_key_last($this->clients)] = '';
    }
    foreach ($this->clients as $key => $client) {
      while (($bytes = @fread($client, 65536)) !== false && $bytes !== '') {
        $this->pending[$key] .= $bytes;
        $this->take($key);
        if (!isset($this->clients[$key])) {
          continue 2;
        }
      }
      if (feof($client)) {
        $this->close($key);
      }
    }
  }

  private function close(int $key): void {
    if ($this->pending[$key] !== '') {
      $this->frames[] = ['type' => 'torn'];
    }
    fclose($this->clients[$key]);
    unset($this->clients[$key], $this->pending[$key]);
  }

  private function take(int $key): void {
    while (strlen($this->pending[$key]) >= 16) {
      $head = unpack('Vlength/Ctype/Cflags/vzero/Vid', $this->pending[$key]);
      if (strlen($this->pending[$key]) < 16 + $head['length']) {
        return;
      }
      $body = substr($this->pending[$key], 16, $head['length']);
      $this->pending[$key] = substr($this->pending[$key], 16 + $head['length']);
      $this->answer($key, $head, $body);
      if (!isset($this->clients[$key])) {
        return;
      }
    }
  }

  private function answer(int $key, array $head, string $body): void {
    $frame = match ($head['type']) {
      HELLO => ['type' => 'hello'] + json_decode($body, true),
      SITE => ['type' => 'site', 'key' => substr($body, 4, ord($body[0])),
        'secret' => substr($body, 4 + ord($body[0]))],
      PUBLISH => publish_body($body),
      CALL => ['type' => 'call', 'body' => $body],
    };
    $this->frames[] = $frame;
    if ($head['type'] === HELLO) {
      if (isset($this->settings['hello_bytes'])) {
        @fwrite($this->clients[$key], $this->settings['hello_bytes']);
        return;
      }
      $hello = ($this->settings['hello'] ?? []) + ['version' => '0.1.0',
        'protocol' => 1, 'pid' => 4711, 'sites' => ['example'], 'node' => 'n'];
      @fwrite($this->clients[$key], frame(HELLO_REPLY, $head['id'], $hello));
      return;
    }
    if ($head['id'] === 0) {
      return;
    }
    if ($this->settings['drop_requests'] ?? false) {
      $this->close($key);
      return;
    }
    if (!($this->settings['silent'] ?? false)) {
      $reply = $this->settings['reply'] ?? ['result' => ['offset' => ++$this->offset,
        'epoch' => 'epoch001', 'receivers' => 2]];
      @fwrite($this->clients[$key], frame(REPLY, $head['id'], $reply));
    }
  }

}

/** A broker that the extension starts: notes what it was given. */
function serve(array $arguments): never {
  require __DIR__ . '/autostart_place.inc';
  $descriptors = [];
  foreach (array_diff(scandir('/proc/self/fd'), ['.', '..']) as $fd) {
    // PHP's own are the script and, closed again, that folder.
    $target = @readlink("/proc/self/fd/$fd");
    if ($target !== false && $target !== __FILE__) {
      $descriptors[] = "$fd " . preg_replace('/:.*/', '', $target);
    }
  }
  file_put_contents(getenv('DRUPALRT_TEST_STARTS'), json_encode([
    'arguments' => $arguments,
    'environment' => array_keys(getenv()),
    'descriptors' => $descriptors,
    'session' => session_of('self'),
    'pid' => getmypid(),
  ]) . "\n", FILE_APPEND);
  if (getenv('DRUPALRT_TEST_BROKEN')) {
    exit(1);
  }
  $server = new FakeBrokerServer($arguments[2], []);
  file_put_contents("php://fd/$arguments[5]", "ready\n");
  // The descriptor itself stays open, which a real broker's does not.
  $server->run(null);
  exit(0);
}

if ($argv[1] === 'serve') {
  serve(array_slice($argv, 1));
}
$server = new FakeBrokerServer($argv[1], json_decode($argv[2], true));
echo "listening\n";
$server->run(STDIN);
unlink($argv[1]);
