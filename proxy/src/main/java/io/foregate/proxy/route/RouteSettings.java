package io.foregate.proxy.route;

import io.foregate.proxy.upstream.Timeouts;

/**
 * What holds for every exchange of a route.
 *
 * @param maxBodyBytes largest request body, or {@link Long#MAX_VALUE}
 * @param timeouts of the upstream phases
 * @param retry what may be sent again
 * @param forwarded which fields tell the origin about the client
 * @param via whether a Via field is appended to requests (RFC 9110 §7.6.3)
 */
public record RouteSettings(
        long maxBodyBytes, Timeouts timeouts, RetryPolicy retry, ForwardedMode forwarded, boolean via) {

    /** Which fields tell the origin who asked. Fields of a client that isn't a trusted proxy are dropped in every mode. */
    public enum ForwardedMode {
        OFF(false, false),
        X(true, false),
        RFC7239(false, true),
        BOTH(true, true);

        private final boolean xFields;
        private final boolean rfc7239;

        ForwardedMode(boolean xFields, boolean rfc7239) {
            this.xFields = xFields;
            this.rfc7239 = rfc7239;
        }

        public boolean xFields() {
            return xFields;
        }

        public boolean rfc7239() {
            return rfc7239;
        }
    }
}
