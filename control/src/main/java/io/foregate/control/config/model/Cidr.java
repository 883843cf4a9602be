package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of IP addresses.
 *
 * @param network the first address of the block, without a name
 * @param bits how many leading bits are fixed
 */
@Scalar(
        value = "an address block",
        pattern = "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$",
        examples = {"10.0.0.0/8", "192.0.2.7", "2001:db8::/32"},
        doc = "An IP address, or a block of them in CIDR notation.")
public record Cidr(InetAddress network, int bits) {
    public static Cidr parse(String text) throws BadValue {
        int slash = text.indexOf('/');
        byte[] bytes = Addresses.parse(slash < 0 ? text : text.substring(0, slash));
        if (bytes == null) {
            throw new BadValue(
                    Nodes.quote(text) + " is not an address block", "write for example 10.0.0.0/8 or 192.0.2.7");
        }
        int most = bytes.length * 8;
        int bits = most;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            boolean number =
                    !length.isEmpty() && length.length() <= 3 && length.chars().allMatch(c -> c >= '0' && c <= '9');
            bits = number ? Integer.parseInt(length) : -1;
            if (bits < 0 || bits > most) {
                throw new BadValue("the prefix length of " + Nodes.quote(text) + " is outside 0–" + most, "");
            }
        }
        byte[] first = first(bytes, bits);
        if (!java.util.Arrays.equals(bytes, first)) {
            throw new BadValue(
                    text + " has bits set behind its prefix",
                    "write " + show(first) + "/" + bits + ", or another length");
        }
        return new Cidr(address(first), bits);
    }

    private static byte[] first(byte[] bytes, int bits) {
        byte[] first = bytes.clone();
        for (int bit = bits; bit < bytes.length * 8; bit++) {
            first[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        return first;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String show(byte[] bytes) {
        return address(bytes).getHostAddress();
    }

    /** Whether there is an address that both blocks hold. */
    public boolean overlaps(Cidr other) {
        byte[] mine = network.getAddress();
        byte[] theirs = other.network.getAddress();
        int common = Math.min(bits, other.bits);
        return mine.length == theirs.length && java.util.Arrays.equals(first(mine, common), first(theirs, common));
    }

    @Override
    public String toString() {
        String address = network.getHostAddress();
        return bits == network.getAddress().length * 8 ? address : address + "/" + bits;
    }
}
