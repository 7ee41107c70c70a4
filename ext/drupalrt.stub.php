<?php

/**
 * The manual of the extension: what PHP hands to the broker, and how it fails.
 *
 * An event is any value that json_encode() takes, published to a channel
 * ("namespace:rest"). The functions speak with the broker (drupalrtd) over a
 * unix socket, one connection per process or thread, made at first use.
 *
 * Three kinds of failure, told apart everywhere:
 * - the caller's mistake: a ValueError or TypeError that names the argument or
 *   the option, or a JsonException with json_encode()'s code;
 * - the broker is away, hangs or does not admit this process: publish and
 *   broadcast return false, count it and write one log line a minute at most
 *   (drupalrt_status() tells why); functions that return an answer throw
 *   Drupalrt\Exception with code 0;
 * - the broker refuses: Drupalrt\Exception with the protocol's error code.
 *
 * No call waits longer than drupalrt.timeout_ms, or the option timeout_ms.
 *
 * The options of the publish functions:
 * - tags: array<string, string>, handed to subscribers with the event
 * - idempotency_key: string; a second event with it is not published again
 * - skip_history: bool; deliver only, keep nothing
 * - delta: bool; let subscribers have the difference to the event before
 * - version: int, 0 or more, and version_epoch: string; an event not newer
 *   than the channel's last version is ignored
 * - exclude: string; the client id that does not get the event
 * - site: string; the key of the site meant, for this call
 * - timeout_ms: int, 1 or more; for this call
 *
 * php.ini, all PHP_INI_SYSTEM:
 * - drupalrt.socket = ""      the broker's socket. Empty: in /run/drupalrt
 *                             where that exists, else in /tmp/drupalrt-UID
 * - drupalrt.autostart = 1    start a broker where none answers: 0 never,
 *                             1 under web servers, 2 on the command line too
 * - drupalrt.broker = ""      the broker's binary. Empty: beside the
 *                             extension's install prefix, then in PATH
 * - drupalrt.timeout_ms = 50  the longest a call may wait
 *
 * @generate-class-entries
 * @generate-legacy-arginfo 80100
 */

namespace {
    /**
     * Publishes an event to one channel.
     *
     * @param string $channel 1 to 255 bytes of UTF-8
     * @param mixed $data 1 MiB at most when encoded
     * @param array $options as listed above
     * @return bool true: handed to the broker's socket. false: it is away, and
     *   the event is gone
     * @throws ValueError|TypeError|JsonException the caller's mistake. Also a
     *   ValueError: several sites are registered and none is selected
     */
    function drupalrt_publish(string $channel, #[\SensitiveParameter] mixed $data, array $options = []): bool {}

    /**
     * Publishes one event to several channels, encoded once.
     *
     * @param string[] $channels 1 to 1024
     * @param mixed $data as drupalrt_publish()
     * @param array $options as listed above
     */
    function drupalrt_broadcast(array $channels, #[\SensitiveParameter] mixed $data, array $options = []): bool {}

    /**
     * Publishes an event and waits for the broker's word.
     *
     * @param array $options as listed above
     * @throws Drupalrt\Exception refused (the protocol's error code), or away
     *   (0). When it says that no answer came, the event may be out
     */
    function drupalrt_publish_confirmed(string $channel, #[\SensitiveParameter] mixed $data, array $options = []): Drupalrt\Receipt {}

    /**
     * Calls a method of the broker's API: publish, broadcast, info, site.
     *
     * @param array $params string keys
     * @return array the result
     * @throws Drupalrt\Exception refused (the protocol's error code), or away
     *   (0)
     */
    function drupalrt_call(string $method, #[\SensitiveParameter] array $params = []): array {}

    /**
     * Selects the site that is meant, until the request ends. Without it the
     * only site that was registered by this system user is meant.
     *
     * @param string $key letters, digits, dots, dashes and underscores, 64 at
     *   most; the empty string goes back to "the only one"
     * @param string $secret the secret the site was registered with
     */
    function drupalrt_site(string $key, #[\SensitiveParameter] string $secret = ''): void {}

    /**
     * What is known about the broker; connects to find out.
     *
     * @return array{
     *   version: string,
     *   protocol: int,
     *   socket: string,
     *   state: 'connected'|'absent'|'not permitted'|'incompatible'|'not answering'|'never tried',
     *   broker_version: string|null,
     *   broker_pid: int|null,
     *   sites: list<string>,
     *   site: string|null,
     *   published: int,
     *   failed: int,
     *   reconnects: int,
     *   last_error: string|null,
     * } The counters are of all processes of this PHP server since its start;
     *   last_error is what is wrong now, else why this process lost an event
     */
    function drupalrt_status(): array {}
}

namespace Drupalrt {
    /** The broker refused (its code is the protocol's), or is away (0). */
    class Exception extends \RuntimeException
    {
    }

    /** What the broker says about an event that it has published. */
    final class Receipt
    {
        /** The event's place in the channel; 0 without history. */
        public readonly int $offset;

        /** The channel's generation: offsets of two epochs do not compare. */
        public readonly string $epoch;

        /** Subscribers at that moment. */
        public readonly int $receivers;

        public function __construct(int $offset, string $epoch, int $receivers) {}
    }
}
