--TEST--
No broker is started where others could interfere, and no program but a broker
--EXTENSIONS--
drupalrt
--FILE--
<?php
require __DIR__ . '/autostart_place.inc';
$place = new AutostartPlace();
$why = '(function () { try { drupalrt_call("info"); }
  catch (Drupalrt\Exception $e) { echo $e->getMessage(), "\n"; } })();';

echo run_php($place->ini(['drupalrt.broker' => '/etc/passwd']), $why);
echo run_php($place->ini(['drupalrt.broker' => 'broker']), $why);
echo run_php($place->ini(['drupalrt.socket' => 'relative']), $why);
echo run_php($place->ini(['drupalrt.socket' => '/' . str_repeat('x', 108)]), $why);
echo run_php($place->ini(['drupalrt.socket' => "$place->folder/none/s"]), $why);

chmod($place->folder, 0777);
echo run_php($place->ini(), $why);
chmod($place->folder, 0700);
unlink("$place->folder/start.lock");
symlink('/etc/hostname', "$place->folder/start.lock");
echo run_php($place->ini(), $why);
echo count($place->starts()), " started\n";
?>
--EXPECTF--
The broker is away: drupalrt.broker = /etc/passwd is not the absolute path of a program
The broker is away: drupalrt.broker = broker is not the absolute path of a program
The broker is away: drupalrt.socket must be an absolute path of at most 107 bytes
The broker is away: drupalrt.socket must be an absolute path of at most 107 bytes
The broker is away: the socket's directory %s/none: No such file or directory
The broker is away: no broker is started: %s is not a directory that only uid %d may write to
The broker is away: start.lock: Too many levels of symbolic links
0 started
