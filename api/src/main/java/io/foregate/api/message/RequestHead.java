package io.foregate.api.message;

import org.jspecify.annotations.Nullable;

/**
 * The head of a request, whatever version of HTTP it came by: offsets into the block of its {@link Headers}.
 *
 * <p>Mutable, owned by one event loop and by one exchange at a time, reused. All offsets point into {@code
 * headers().array()}; Strings are made by the {@code *String} methods only.
 *
 * <p>Two views of the path: {@link #pathStart()} is what routes match and what is forwarded, with dot segments removed;
 * {@link #matchStart()} is the same with percent-encoded characters decoded that a segment may hold (RFC 3986 §6.2.2), so that
 * {@code /%61pi} can't pass by a rule for {@code /api}. They are the same bytes unless the path has escapes.
 */
public final class RequestHead implements Head {
    /** The forms of RFC 9112 §3.2; CONNECT's authority-form is refused before it gets here. */
    public enum TargetForm {
        ORIGIN,
        ABSOLUTE,
        ASTERISK
    }

    private final Headers headers = new Headers();
    private Method method = Method.GET;
    private TargetForm form = TargetForm.ORIGIN;
    private int methodStart;
    private int methodLength;
    private int authorityStart;
    private int authorityLength;
    private int hostLength;
    private int targetStart;
    private int targetLength;
    private int pathStart;
    private int pathLength;
    private int matchStart;
    private int matchLength;
    private int queryStart;
    private int queryLength;
    private int httpVersion;
    private long bodyLength;
    private int upgradeStart;
    private int upgradeLength;
    private boolean expectContinue;
    private boolean secure;
    private boolean trailersAccepted;

    public void clear() {
        headers.clear();
        method = Method.GET;
        form = TargetForm.ORIGIN;
        methodStart = methodLength = authorityStart = authorityLength = hostLength = 0;
        targetStart = targetLength = pathStart = pathLength = matchStart = matchLength = 0;
        queryStart = 0;
        queryLength = -1;
        httpVersion = 11;
        bodyLength = 0;
        upgradeStart = 0;
        upgradeLength = 0;
        expectContinue = false;
        secure = false;
        trailersAccepted = false;
    }

    /** Replaces the contents by a copy of {@code other}. */
    public void copyFrom(RequestHead other) {
        headers.copyFrom(other.headers);
        method = other.method;
        form = other.form;
        methodStart = other.methodStart;
        methodLength = other.methodLength;
        authorityStart = other.authorityStart;
        authorityLength = other.authorityLength;
        hostLength = other.hostLength;
        targetStart = other.targetStart;
        targetLength = other.targetLength;
        pathStart = other.pathStart;
        pathLength = other.pathLength;
        matchStart = other.matchStart;
        matchLength = other.matchLength;
        queryStart = other.queryStart;
        queryLength = other.queryLength;
        httpVersion = other.httpVersion;
        bodyLength = other.bodyLength;
        upgradeStart = other.upgradeStart;
        upgradeLength = other.upgradeLength;
        expectContinue = other.expectContinue;
        secure = other.secure;
        trailersAccepted = other.trailersAccepted;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    public Method method() {
        return method;
    }

    public TargetForm form() {
        return form;
    }

    public int methodStart() {
        return methodStart;
    }

    public int methodLength() {
        return methodLength;
    }

    /** Where the authority ({@code host[:port]}, as sent) begins: of the absolute target, else of Host. */
    public int authorityStart() {
        return authorityStart;
    }

    public int authorityLength() {
        return authorityLength;
    }

    /** Length of the host alone, which begins at {@link #authorityStart()}; a literal IPv6 address keeps its brackets. */
    public int hostLength() {
        return hostLength;
    }

    /** Where the target begins that is forwarded: path and query, or {@code *}. */
    public int targetStart() {
        return targetStart;
    }

    public int targetLength() {
        return targetLength;
    }

    public int pathStart() {
        return pathStart;
    }

    public int pathLength() {
        return pathLength;
    }

    /** Where the path begins as routes see it: see the class comment. */
    public int matchStart() {
        return matchStart;
    }

    public int matchLength() {
        return matchLength;
    }

    public int queryStart() {
        return queryStart;
    }

    /** Length of the query without its {@code ?}, or -1 when the target has none. */
    public int queryLength() {
        return queryLength;
    }

    @Override
    public int httpVersion() {
        return httpVersion;
    }

    @Override
    public long bodyLength() {
        return bodyLength;
    }

    /** Where the protocol begins that the client asks to change to (RFC 9110 §7.8), such as {@code websocket}. */
    public int upgradeStart() {
        return upgradeStart;
    }

    /** Length of that protocol's name, or 0 when no change is asked for. */
    public int upgradeLength() {
        return upgradeLength;
    }

    /** Whether the client waits for a 100 before it sends its body (RFC 9110 §10.1.1). */
    public boolean expectContinue() {
        return expectContinue;
    }

    /** Whether the client spoke TLS to the listener. */
    public boolean secure() {
        return secure;
    }

    /** Whether the client is willing to take trailers ({@code TE: trailers}, RFC 9110 §10.1.4). */
    public boolean trailersAccepted() {
        return trailersAccepted;
    }

    public String methodString() {
        return Octets.string(headers.array(), methodStart, methodLength);
    }

    public String authorityString() {
        return Octets.string(headers.array(), authorityStart, authorityLength);
    }

    public String hostString() {
        return Octets.string(headers.array(), authorityStart, hostLength);
    }

    public String targetString() {
        return Octets.string(headers.array(), targetStart, targetLength);
    }

    public String pathString() {
        return Octets.string(headers.array(), pathStart, pathLength);
    }

    public String matchPathString() {
        return Octets.string(headers.array(), matchStart, matchLength);
    }

    public @Nullable String queryString() {
        return queryLength < 0 ? null : Octets.string(headers.array(), queryStart, queryLength);
    }

    // ---- for codecs and filters ----

    public void method(Method method, int start, int length) {
        this.method = method;
        this.methodStart = start;
        this.methodLength = length;
    }

    public void authority(int start, int length, int hostLength) {
        this.authorityStart = start;
        this.authorityLength = length;
        this.hostLength = hostLength;
    }

    /** Sets the target whose bytes stand in the block, and derives path and query from it; see {@link TargetPath}. */
    public void target(TargetForm form, int start, int length) {
        this.form = form;
        this.targetStart = start;
        this.targetLength = length;
    }

    void path(int start, int length) {
        this.pathStart = start;
        this.pathLength = length;
        this.matchStart = start;
        this.matchLength = length;
    }

    void matchPath(int start, int length) {
        this.matchStart = start;
        this.matchLength = length;
    }

    void query(int start, int length) {
        this.queryStart = start;
        this.queryLength = length;
    }

    public void upgrade(int start, int length) {
        this.upgradeStart = start;
        this.upgradeLength = length;
    }

    public void expectContinue(boolean expected) {
        this.expectContinue = expected;
    }

    public void httpVersion(int version) {
        this.httpVersion = version;
    }

    public void bodyLength(long length) {
        this.bodyLength = length;
    }

    public void secure(boolean secure) {
        this.secure = secure;
    }

    public void trailersAccepted(boolean accepted) {
        this.trailersAccepted = accepted;
    }
}
