package io.foregate.proxy.tls;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * The system's libcrypto (OpenSSL 3), as far as RSA signatures need it. Stateless and thread-safe. The library is loaded when
 * the class is used first, which throws a {@link LinkageError} where there is none, and stays until the process ends.
 *
 * <p>It has nothing to do with the BoringSSL beneath our TLS, which keeps its names to itself.
 */
final class LibCrypto {
    /** OpenSSL 3.1, which uses AVX-512 IFMA for larger keys, too. */
    static final long VERSION_3_1 = 0x30100000L;

    private static final String NAME = "libcrypto.so.3";

    // Neither the system's configuration, which may load anything, nor a clean-up at the process's end while loops
    // still sign.
    private static final long INIT_NO_LOAD_CONFIG = 0x80;
    private static final long INIT_NO_ATEXIT = 0x80000;

    private static final int PSS_PADDING = 6;
    private static final int SALT_AS_LONG_AS_DIGEST = -1;
    private static final int MAX_SIGNATURE_BYTES = 1024;
    private static final int MAX_ERROR_BYTES = 256;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = open();

    private static final MethodHandle INIT = find("OPENSSL_init_crypto", JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle VERSION = find("OpenSSL_version_num", JAVA_LONG);
    private static final MethodHandle READ_KEY = find("d2i_AutoPrivateKey", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle FREE_KEY = find("EVP_PKEY_free", null, ADDRESS);
    private static final MethodHandle NEW_CONTEXT = find("EVP_MD_CTX_new", ADDRESS);
    private static final MethodHandle FREE_CONTEXT = find("EVP_MD_CTX_free", null, ADDRESS);
    private static final MethodHandle SIGN_INIT =
            find("EVP_DigestSignInit_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle PADDING = find("EVP_PKEY_CTX_set_rsa_padding", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SALT = find("EVP_PKEY_CTX_set_rsa_pss_saltlen", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SIGN =
            find("EVP_DigestSign", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle ERROR = find("ERR_get_error", JAVA_LONG);
    private static final MethodHandle ERROR_TEXT = find("ERR_error_string_n", null, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle CLEAR_ERRORS = find("ERR_clear_error", null);

    static {
        try {
            if ((int) INIT.invokeExact(INIT_NO_LOAD_CONFIG | INIT_NO_ATEXIT, MemorySegment.NULL) != 1) {
                throw new UnsatisfiedLinkError(NAME + " can't be initialised");
            }
        } catch (LinkageError e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError(NAME + " can't be called", e);
        }
    }

    /** How a signature is made (RFC 8446 §4.2.3). */
    enum Scheme {
        PKCS1_SHA1(0x0201, "SHA1", false),
        PKCS1_SHA256(0x0401, "SHA256", false),
        PKCS1_SHA384(0x0501, "SHA384", false),
        PKCS1_SHA512(0x0601, "SHA512", false),
        PSS_SHA256(0x0804, "SHA256", true),
        PSS_SHA384(0x0805, "SHA384", true),
        PSS_SHA512(0x0806, "SHA512", true);

        private final int code;
        private final MemorySegment digest;
        private final boolean pss;

        Scheme(int code, String digest, boolean pss) {
            this.code = code;
            this.digest = Arena.global().allocateFrom(digest);
            this.pss = pss;
        }

        /** By its number in TLS; null for one that isn't for RSA keys of certificates. */
        static @Nullable Scheme of(int code) {
            return switch (code) {
                case 0x0201 -> PKCS1_SHA1;
                case 0x0401 -> PKCS1_SHA256;
                case 0x0501 -> PKCS1_SHA384;
                case 0x0601 -> PKCS1_SHA512;
                case 0x0804 -> PSS_SHA256;
                case 0x0805 -> PSS_SHA384;
                case 0x0806 -> PSS_SHA512;
                default -> null;
            };
        }

        int code() {
            return code;
        }
    }

    private LibCrypto() {}

    private static SymbolLookup open() {
        try {
            return SymbolLookup.libraryLookup(NAME, Arena.global());
        } catch (IllegalArgumentException e) {
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError("there is no " + NAME).initCause(e);
        }
    }

    private static MethodHandle find(String name, @Nullable MemoryLayout result, MemoryLayout... parameters) {
        MemorySegment symbol = LIBRARY.find(name).orElseThrow(() -> new UnsatisfiedLinkError(NAME + " has no " + name));
        return LINKER.downcallHandle(
                symbol,
                result == null ? FunctionDescriptor.ofVoid(parameters) : FunctionDescriptor.of(result, parameters));
    }

    /** The version, as {@link #VERSION_3_1} is written. */
    static long version() {
        try {
            return (long) VERSION.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Makes a key of its PKCS#8 form. To be freed. */
    static MemorySegment readKey(byte[] pkcs8) throws GeneralSecurityException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(pkcs8.length);
            bytes.copyFrom(MemorySegment.ofArray(pkcs8));
            MemorySegment place = arena.allocate(ADDRESS);
            place.set(ADDRESS, 0, bytes);
            MemorySegment key;
            try {
                key = (MemorySegment) READ_KEY.invokeExact(MemorySegment.NULL, place, (long) pkcs8.length);
            } finally {
                bytes.fill((byte) 0);
            }
            if (key.equals(MemorySegment.NULL)) {
                throw failure(arena, "the key can't be read");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void freeKey(MemorySegment key) {
        try {
            FREE_KEY.invokeExact(key);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Signs with an RSA key. */
    static byte[] sign(MemorySegment key, Scheme scheme, byte[] text) throws GeneralSecurityException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = (MemorySegment) NEW_CONTEXT.invokeExact();
            try {
                return sign(arena, context, new Order(key, scheme, text));
            } finally {
                // Frees what was made with it, too; null is fine.
                FREE_CONTEXT.invokeExact(context);
            }
        } catch (GeneralSecurityException e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private record Order(MemorySegment key, Scheme scheme, byte[] text) {}

    private static byte[] sign(Arena arena, MemorySegment context, Order order) throws Throwable {
        MemorySegment words = arena.allocate(2 * ADDRESS.byteSize(), ADDRESS.byteAlignment());
        MemorySegment keyContext = words.asSlice(0, ADDRESS);
        MemorySegment length = words.asSlice(ADDRESS.byteSize(), JAVA_LONG);
        MemorySegment text = arena.allocate(order.text.length);
        MemorySegment signature = arena.allocate(MAX_SIGNATURE_BYTES);
        text.copyFrom(MemorySegment.ofArray(order.text));
        int done = (int) SIGN_INIT.invokeExact(
                context,
                keyContext,
                order.scheme.digest,
                MemorySegment.NULL,
                MemorySegment.NULL,
                order.key,
                MemorySegment.NULL);
        if (done == 1 && order.scheme.pss) {
            // Belongs to the context.
            MemorySegment settings = keyContext.get(ADDRESS, 0);
            done = (int) PADDING.invokeExact(settings, PSS_PADDING);
            if (done == 1) {
                done = (int) SALT.invokeExact(settings, SALT_AS_LONG_AS_DIGEST);
            }
        }
        if (done == 1) {
            length.set(JAVA_LONG, 0, MAX_SIGNATURE_BYTES);
            done = (int) SIGN.invokeExact(context, signature, length, text, (long) order.text.length);
        }
        if (done != 1) {
            throw failure(arena, "no signature could be made");
        }
        byte[] result = new byte[Math.toIntExact(length.get(JAVA_LONG, 0))];
        MemorySegment.copy(signature, 0, MemorySegment.ofArray(result), 0, result.length);
        return result;
    }

    // With the library's own word for what went wrong, which it keeps for each thread until it is taken.
    private static GeneralSecurityException failure(Arena arena, String what) throws Throwable {
        MemorySegment text = arena.allocate(MAX_ERROR_BYTES);
        long code = (long) ERROR.invokeExact();
        ERROR_TEXT.invokeExact(code, text, (long) MAX_ERROR_BYTES);
        CLEAR_ERRORS.invokeExact();
        return new GeneralSecurityException(NAME + ": " + what + " (" + text.getString(0) + ")");
    }

    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException(NAME + " can't be called", e);
    }
}
