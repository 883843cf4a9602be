package io.foregate.proxy.worker;

import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.PathPattern;
import java.util.List;

/**
 * When a loop refuses requests because it can't keep up. Immutable, part of one snapshot.
 *
 * @param lagNanos how late the loop may be on average, or {@link Long#MAX_VALUE}
 * @param memory whether requests are refused when the memory for buffers is nearly used up
 * @param spared paths whose requests are never refused
 */
public record OverloadPolicy(long lagNanos, boolean memory, List<PathPattern> spared) {
    /** Nothing is ever refused. */
    public static final OverloadPolicy NONE = new OverloadPolicy(Long.MAX_VALUE, false, List.of());

    /** Whether the request is served however large the load is. Asked only when it is large. */
    boolean spares(RequestHead head) {
        byte[] block = head.headers().array();
        int start = head.matchStart();
        int length = head.matchLength();
        for (int i = 0; i < spared.size(); i++) {
            boolean matches = switch (spared.get(i)) {
                case PathPattern.Exact(String path) -> length == path.length() && begins(block, start, length, path);
                case PathPattern.Prefix(String path) ->
                    begins(block, start, length, path)
                            && (length == path.length() || block[start + path.length()] == '/');
                case PathPattern.Expression(var regex) -> regex.find(block, start, length);
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(byte[] block, int start, int length, String path) {
        if (length < path.length()) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            if (block[start + i] != path.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
