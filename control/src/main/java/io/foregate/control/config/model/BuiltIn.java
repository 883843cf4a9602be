package io.foregate.control.config.model;

import java.util.List;
import java.util.Map;

/**
 * What holds when the file says nothing: one complete {@link Defaults}, and one listener.
 *
 * <ul>
 *   <li>target 8KiB, header bytes 32KiB, 100 fields: what the common servers accept, with room for large cookies.
 *   <li>connections 50000, of one client 25000: some hundred megabytes at the worst, and no single client can have it all.
 *   <li>body none: bodies are streamed, so a large one costs no memory, and a limit that nobody asked for breaks uploads.
 *   <li>header-read 10s: long for a slow phone, short for someone who holds connections open on purpose.
 *   <li>keep-alive 75s: longer than the 60s for which common load balancers keep theirs, so that they close first.
 *   <li>connect 3s: outlasts one lost SYN, which is sent again after a second, and leaves time for another server.
 *   <li>min-rate 240B/s over 30s: slower than any modem was; a pause of 30s outlasts a change of networks.
 *   <li>first-byte 60s: the slowest page that somebody still waits for.
 *   <li>idle 5m: a server-sent-event stream that is silent for minutes lives; a peer that is gone doesn't hold on for ever.
 *   <li>total none: uploads, downloads and streams take what they take.
 *   <li>tunnel-idle 1h: WebSockets may be quiet for long.
 *   <li>connections max none, idle 512 kept for 60s: no limit that nobody asked for; enough warm ones for a busy process.
 *   <li>queue 1024 for 5s: it is in use only where connections have a limit.
 *   <li>https-redirect on: who has a certificate wants it used. hsts none: browsers can't be made to forget it.
 *   <li>retry 2 on what no origin has answered: a dead server is never noticed while two others live. What an origin has answered is
 *       its answer. Budget 20% and 10/s over ten seconds: all that one of three servers had under way when it died, and not so much
 *       that it would bring down two that are slow. No try-timeout, no hedge: how long is too long only the user knows.
 * </ul>
 */
public final class BuiltIn {
    private static final Rules.HeaderEdits NO_EDITS = new Rules.HeaderEdits(Map.of(), Map.of(), List.of());

    /** Complete: nothing in it is {@code null}. */
    public static final Defaults DEFAULTS = new Defaults(
            new Listener.AllLimits(
                    new Listener.HeadLimits(
                            Size.ofKibibytes(8),
                            Size.ofKibibytes(32),
                            new Count(100),
                            new Count(50_000),
                            new Count(25_000)),
                    new Rules.BodyLimits(Size.NONE)),
            new Listener.AllTimeouts(
                    new Listener.ClientTimeouts(Timeout.ofSeconds(10), Timeout.ofSeconds(75)),
                    new Rules.Timeouts(
                            Timeout.ofSeconds(3),
                            Timeout.ofSeconds(60),
                            Timeout.ofSeconds(300),
                            Timeout.NONE,
                            Timeout.ofSeconds(3600))),
            new Listener.MinimumRate(new ByteRate(240), new ByteRate(240), Timeout.ofSeconds(30)),
            NO_EDITS,
            NO_EDITS,
            Rules.Forwarded.X,
            Rules.Via.ON,
            Rules.ServerHeader.KEEP,
            HttpsRedirect.ON,
            new Rules.Hsts(Timeout.NONE, false, false),
            Balance.ROUND_ROBIN,
            new Pool.Connections(Count.NONE, new Count(512), Timeout.ofSeconds(60)),
            new Pool.Queue(new Count(1024), Timeout.ofSeconds(5)),
            new Retry(
                    2,
                    List.of(RetryOn.CONNECT, RetryOn.RESET, RetryOn.TIMEOUT),
                    Retry.Methods.IDEMPOTENT,
                    Timeout.NONE,
                    Size.ofKibibytes(64),
                    new Retry.Backoff(Timeout.ofMillis(25), Timeout.ofMillis(250)),
                    Timeout.ofSeconds(2),
                    new Retry.Budget(new RetryShare(20), 10),
                    HedgeAfter.OFF),
            HostHeader.PASS);

    /** The listener of a configuration that has none. */
    public static final Name LISTENER = new Name("http");

    /** The second listener of a configuration that has none, but certificates. */
    public static final Name TLS_LISTENER = new Name("https");

    /** Where it listens. */
    public static final ListenAddress TLS_LISTEN = new ListenAddress("", 443);

    /** Where it listens if the process may not use {@link #TLS_LISTEN}. */
    public static final ListenAddress TLS_LISTEN_UNPRIVILEGED = new ListenAddress("", 8443);

    /** Where it listens. */
    public static final ListenAddress LISTEN = new ListenAddress("", 80);

    /** Where it listens if the process may not use {@link #LISTEN}. */
    public static final ListenAddress LISTEN_UNPRIVILEGED = new ListenAddress("", 8080);

    private BuiltIn() {}
}
