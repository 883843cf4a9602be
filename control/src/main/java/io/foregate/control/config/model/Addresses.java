package io.foregate.control.config.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses and host names, without ever asking a resolver. */
final class Addresses {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\\.?");
    private static final Pattern IPV4_LIKE = Pattern.compile("[0-9]+(\\.[0-9]+)*\\.?");
    private static final Pattern IPV6_LIKE = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private Addresses() {}

    static boolean isHostName(String text) {
        return text.length() <= 253 && NAME.matcher(text).matches();
    }

    static boolean looksLikeIpv4(String text) {
        return IPV4_LIKE.matcher(text).matches();
    }

    /** The 4 or 16 bytes of an address in its usual notation, or {@code null}. */
    static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
    }

    private static byte @Nullable [] parseIpv4(String text) {
        String[] numbers = text.split("\\.", -1);
        if (numbers.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            String number = numbers[i];
            boolean digits =
                    !number.isEmpty() && number.length() <= 3 && number.chars().allMatch(c -> c >= '0' && c <= '9');
            // 010 is 8 to some programs and 10 to others.
            if (!digits || (number.length() > 1 && number.startsWith("0")) || Integer.parseInt(number) > 255) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(number);
        }
        return bytes;
    }

    private static byte @Nullable [] parseIpv6(String text) {
        if (text.length() > 45 || !IPV6_LIKE.matcher(text).matches()) {
            return null;
        }
        try {
            // A text in brackets is a literal address or nothing: no name service is asked.
            byte[] bytes = InetAddress.getByName("[" + text + "]").getAddress();
            if (bytes.length == 16) {
                return bytes;
            }
            // The JDK turns ::ffff:a.b.c.d into its IPv4 address; keep what was written.
            byte[] mapped = new byte[16];
            mapped[10] = (byte) 0xff;
            mapped[11] = (byte) 0xff;
            System.arraycopy(bytes, 0, mapped, 12, 4);
            return mapped;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
