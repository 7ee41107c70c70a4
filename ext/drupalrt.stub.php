<?php

/**
 * The manual of the extension: what PHP hands to the broker, what it asks of
 * it, and how both fail.
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
 * All functions that ask the broker about channels, clients and tokens take
 * the last two as well.
 *
 * A user is the id of a Drupal account, as int or string. 0 (or "0" or "") is
 * every visitor who is not logged in.
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
     * Who is in a channel whose namespace has "presence".
     *
     * @param array $options site, timeout_ms
     * @return array<string, array{user: string, client: string, conn_info?: mixed, chan_info?: mixed}>
     *   by client id. user is "" for a visitor; conn_info is what the broker
     *   knows of the connection ({"name": …}), chan_info what a token or
     *   drupalrt_subscribe() said as "info"
     * @throws Drupalrt\Exception refused: 102 there is no such channel, 108
     *   its namespace has no presence, 106 more than 2 MiB; or away (0)
     */
    function drupalrt_presence(string $channel, array $options = []): array {}

    /**
     * How many are in a channel whose namespace has "presence".
     *
     * @param array $options site, timeout_ms
     * @return array{num_clients: int, num_users: int}
     * @throws Drupalrt\Exception as drupalrt_presence()
     */
    function drupalrt_presence_stats(string $channel, array $options = []): array {}

    /**
     * What a channel whose namespace keeps history remembers.
     *
     * @param array $options
     *   - limit: int; publications at most, 300 where it is larger or
     *     negative. 0 (default): the position alone
     *   - since: array{offset: int, epoch: string}; only those after it, or
     *     with reverse those before it. An epoch of "" is the one in force
     *   - reverse: bool; the newest first
     *   - site, timeout_ms
     * @return array{
     *   publications: list<array{
     *     data: mixed,
     *     offset: int,
     *     tags?: array<string, string>,
     *     info?: array{user?: string, client?: string, conn_info?: mixed, chan_info?: mixed},
     *   }>,
     *   epoch: string,
     *   offset: int,
     * } epoch and offset are the channel's position now. info is there where a
     *   client has published. Objects in data are arrays
     * @throws Drupalrt\Exception refused: 102 there is no such channel, 108
     *   its namespace keeps no history, 112 "since" is of another epoch, 106
     *   more than 2 MiB (ask for fewer); or away (0)
     */
    function drupalrt_history(string $channel, array $options = []): array {}

    /**
     * The channels that have subscribers now, 10,000 at most.
     *
     * @param string $pattern as of a shell: "chat:*", with *, ? and [a-z];
     *   empty means all
     * @param array $options site, timeout_ms
     * @return array<string, array{num_clients: int}> by channel
     * @throws Drupalrt\Exception refused (the protocol's error code), or away
     *   (0)
     */
    function drupalrt_channels(string $pattern = '', array $options = []): array {}

    /**
     * Subscribes a user's clients to a channel, whatever its rule says. They
     * stay until they leave or are unsubscribed; those that connect later are
     * not meant. Carried out after the call returns.
     *
     * @param array $options
     *   - client: string; this one alone, if it is the user's
     *   - session: string; those of this session alone, if they are the user's
     *   - info: mixed; shown to others as chan_info
     *   - data: mixed; handed to the client with the subscription
     *   - expire_at: int; when the subscription ends, in seconds since 1970
     *   - presence, join_leave, force_push_join_leave, force_positioning,
     *     force_recovery: bool; instead of what the namespace says
     *   - recover_since: array{offset: int, epoch: string}; send what was
     *     published after it
     *   - site, timeout_ms
     * @throws Drupalrt\Exception refused: 102 there is no such channel; or
     *   away (0)
     */
    function drupalrt_subscribe(string|int $user, string $channel, array $options = []): void {}

    /**
     * Ends subscriptions of a user's clients to a channel. Carried out after
     * the call returns.
     *
     * @param array $options
     *   - client, session: as drupalrt_subscribe()
     *   - code: int, 2000 to 2999, and reason: string; what the client is
     *     told. From 2500 on it subscribes again. Default: 2000, server
     *   - site, timeout_ms
     * @throws Drupalrt\Exception refused (the protocol's error code), or away
     *   (0)
     */
    function drupalrt_unsubscribe(string|int $user, string $channel, array $options = []): void {}

    /**
     * Closes the connections of a user. Carried out after the call returns.
     *
     * @param array $options
     *   - client, session: as drupalrt_subscribe()
     *   - whitelist: string[]; client ids that stay
     *   - code: int, 3000 to 4999, and reason: string; what the client is told.
     *     From 3500 to 3999 and from 4500 on it does not come back. Default:
     *     3503, force disconnect
     *   - site, timeout_ms
     * @throws Drupalrt\Exception refused (the protocol's error code), or away
     *   (0)
     */
    function drupalrt_disconnect(string|int $user, array $options = []): void {}

    /**
     * Has the broker mint a token: of a connection, or with the option channel
     * of a subscription to that channel.
     *
     * @param array $options
     *   - ttl: int; seconds until it ends. Default: 3600
     *   - info: mixed; shown to others as conn_info, or chan_info
     *   - channel: string
     *   - client: string; with channel: the one client it is good for
     *   - channels: string[]; subscribed to from the start (connection)
     *   - meta: array<string, mixed>; kept by the broker, shown to nobody
     *     (connection)
     *   - site, timeout_ms
     * @return string a JSON Web Token
     * @throws Drupalrt\Exception refused (the protocol's error code), or away
     *   (0)
     */
    function drupalrt_token(string|int $user, array $options = []): string {}

    /**
     * Calls a method of the broker's API: publish, broadcast, subscribe,
     * unsubscribe, disconnect, refresh, presence, presence_stats, history,
     * history_remove, channels, info, rpc, batch, token, revoke_token,
     * invalidate_user_tokens, block_user, unblock_user, site.
     *
     * Unlike the functions above it hands on what it is given: parameters are
     * the broker's to check (107), and answers come as they are.
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
