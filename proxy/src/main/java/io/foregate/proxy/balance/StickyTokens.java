package io.foregate.proxy.balance;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The names by which clients know the members that they stick to: a member's token is the HMAC-SHA-256 of its name, cut to 128
 * bits. It tells nothing of the member, and nobody without the key can make one.
 *
 * <p>Tokens are made when a set is built, on the cold side; verifying one is looking it up. Immutable.
 */
public final class StickyTokens {
    /** Of a token, in bytes of base64url. */
    public static final int LENGTH = 22;

    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;
    private final String scope;

    /**
     * @param key of at least 128 bits
     * @param scope what the tokens are good for; those of one scope mean nothing in another
     */
    public StickyTokens(byte[] key, String scope) {
        this.key = key.clone();
        this.scope = scope;
    }

    /** The token of the member of that name: {@link #LENGTH} bytes that may stand in a cookie. */
    byte[] token(String member) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(scope.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            byte[] code = mac.doFinal(member.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encode(Arrays.copyOf(code, 16));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
