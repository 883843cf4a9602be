package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/**
 * What happens to plain requests for a site that has a certificate.
 *
 * @param port to which they are redirected; 0 is the port of the listener that serves the site with TLS, and -1 is not at all
 */
@Scalar(
        value = "on, off or a port",
        pattern = "^(on|off|[0-9]{1,5})$",
        examples = {"on", "off", "443"},
        doc =
                "`on` redirects plain requests to the port of the listener that serves the site with TLS, a number to that port"
                        + " (for when clients see another one than this process does), `off` serves them.")
public record HttpsRedirect(int port) {
    public static final HttpsRedirect ON = new HttpsRedirect(0);
    public static final HttpsRedirect OFF = new HttpsRedirect(-1);

    public static HttpsRedirect parse(String text) throws BadValue {
        if (text.equals("on") || text.equals("true")) {
            return ON;
        }
        if (text.equals("off") || text.equals("false")) {
            return OFF;
        }
        boolean number = text.length() <= 5 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = number ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw new BadValue("expected on, off or a port, found " + Nodes.quote(text), "write on, off or 443");
        }
        return new HttpsRedirect(port);
    }

    @Override
    public String toString() {
        return port == 0 ? "on" : port < 0 ? "off" : Integer.toString(port);
    }
}
