package io.foregate.proxy.filters;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.route.ValueTemplate;
import java.util.List;
import java.util.Set;

/**
 * Sets, adds and removes fields of requests and responses, in the order of the edits.
 *
 * <p>Fields that frame a message or belong to one connection (RFC 9110 §7.6.1) are the proxy's own: an edit of one is
 * refused when the filter is made. Host may be set on requests; the request's authority then follows it, so that what
 * comes later (templates, logs, the origin) sees one host only.
 *
 * <p>Immutable, shared by all loops; makes no garbage.
 */
public final class HeaderFilter implements Filter {
    private static final Set<HeaderName> FRAMING = Set.of(HeaderName.CONTENT_LENGTH, HeaderName.TRANSFER_ENCODING);
    private static final Set<HeaderName> HOP_BY_HOP = Set.of(
            HeaderName.CONNECTION,
            HeaderName.KEEP_ALIVE,
            HeaderName.PROXY_CONNECTION,
            HeaderName.TE,
            HeaderName.TRAILER,
            HeaderName.UPGRADE,
            HeaderName.EXPECT,
            HeaderName.HTTP2_SETTINGS);
    private static final Verdict BAD_REQUEST = new Verdict.Respond(400, List.of(), null);

    private final HeaderEdit[] request;
    private final HeaderEdit[] response;

    /**
     * @param request edits of requests, in this order
     * @param response edits of responses, in this order
     * @throws IllegalArgumentException when an edit names a field that isn't a policy's to change
     */
    public HeaderFilter(List<HeaderEdit> request, List<HeaderEdit> response) {
        for (HeaderEdit edit : request) {
            check(edit);
            if (edit.name().equals(HeaderName.HOST)) {
                checkHost(edit);
            }
        }
        response.forEach(HeaderFilter::check);
        this.request = request.toArray(HeaderEdit[]::new);
        this.response = response.toArray(HeaderEdit[]::new);
    }

    private static void check(HeaderEdit edit) {
        if (FRAMING.contains(edit.name())) {
            throw new IllegalArgumentException(
                    edit.name() + " tells where a message ends; the proxy writes it, and a policy can't change it");
        }
        if (HOP_BY_HOP.contains(edit.name())) {
            throw new IllegalArgumentException(
                    edit.name()
                            + " belongs to one connection and isn't passed on; the proxy writes it, and a policy can't change it");
        }
    }

    private static void checkHost(HeaderEdit edit) {
        switch (edit) {
            case HeaderEdit.Remove _, HeaderEdit.Add _ ->
                throw new IllegalArgumentException(
                        "a request has exactly one Host; it can be set, not added or removed");
            case HeaderEdit.Set(HeaderName _, ValueTemplate value) -> {
                byte[] bytes = Octets.ascii(value.toString());
                if (value.constant() && hostLength(bytes, 0, bytes.length) < 0) {
                    throw new IllegalArgumentException("'" + value + "' is not a host with an optional port");
                }
            }
        }
    }

    @Override
    public Verdict onRequest(RequestHead head, FilterContext context) {
        for (HeaderEdit edit : request) {
            apply(edit, head.headers(), context);
            if (edit.name().id() == HeaderName.HOST.id() && !followHost(head)) {
                return BAD_REQUEST;
            }
        }
        return Verdict.CONTINUE;
    }

    @Override
    public void onResponse(ResponseHead head, FilterContext context) {
        for (HeaderEdit edit : response) {
            apply(edit, head.headers(), context);
        }
    }

    private static void apply(HeaderEdit edit, Headers headers, FilterContext context) {
        switch (edit) {
            case HeaderEdit.Set set -> {
                headers.remove(set.name());
                append(headers, set.name(), set.value(), context);
            }
            case HeaderEdit.Add add -> append(headers, add.name(), add.value(), context);
            case HeaderEdit.Remove remove -> headers.remove(remove.name());
        }
    }

    private static void append(Headers headers, HeaderName name, ValueTemplate value, FilterContext context) {
        headers.begin(name);
        value.appendTo(headers, context);
        headers.finish(name);
    }

    private static boolean followHost(RequestHead head) {
        Headers headers = head.headers();
        int at = headers.find(HeaderName.HOST);
        int start = headers.valueStart(at);
        int length = headers.valueLength(at);
        int hostLength = hostLength(headers.array(), start, length);
        if (hostLength < 0) {
            return false;
        }
        head.authority(start, length, hostLength);
        return true;
    }

    /** Length of the host in {@code host[:port]} (RFC 9110 §7.2), or -1 when it isn't one. */
    private static int hostLength(byte[] bytes, int start, int length) {
        int end = start + length;
        boolean bracketed = length > 0 && bytes[start] == '[';
        int at = start;
        while (at < end && (bracketed ? bytes[at] != ']' : bytes[at] != ':')) {
            boolean fine = at == start || (bytes[at] != '[' && bytes[at] != ']');
            if (!fine || !Octets.isHost(bytes[at])) {
                return -1;
            }
            at++;
        }
        if (bracketed) {
            if (at == end) {
                return -1;
            }
            at++;
        }
        int hostLength = at - start;
        if (hostLength == 0 || (at < end && bytes[at] != ':')) {
            return -1;
        }
        for (int i = at + 1; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return -1;
            }
        }
        return end - at > 6 || end - at == 1 ? -1 : hostLength;
    }
}
