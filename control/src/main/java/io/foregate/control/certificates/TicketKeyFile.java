package io.foregate.control.certificates;

import io.foregate.control.pem.FileStamps;
import io.foregate.control.pem.Pem;
import io.foregate.proxy.tls.CertificateStore;
import io.foregate.proxy.tls.TicketKeys;
import io.foregate.proxy.tls.TlsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file with session ticket keys that a fleet shares. A broken one leaves the keys that are in use. One thread. */
final class TicketKeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(TicketKeyFile.class);
    private static final int MOST_KEYS = 16;

    private final Path file;
    private final FileStamps stamps;
    private boolean doubtful;

    TicketKeyFile(Path file) {
        this.file = file;
        this.stamps = new FileStamps(List.of(file));
    }

    void open(CertificateStore store) {
        try {
            store.ticketKeys(read(file));
        } catch (TlsException e) {
            LOG.error(
                    "the session ticket keys are this process's own, since the shared ones can't be used: {}",
                    e.getMessage());
        }
    }

    void refresh(CertificateStore store) {
        boolean changed = stamps.changed();
        if (!changed && !doubtful) {
            return;
        }
        try {
            store.ticketKeys(read(file));
            doubtful = false;
            LOG.info("session ticket keys were read anew from {}", file);
        } catch (TlsException e) {
            if (!changed) {
                LOG.error(
                        "the session ticket keys stay as they are, since the new ones can't be used: {}",
                        e.getMessage());
            }
            doubtful = changed;
        }
    }

    /** The keys of a file: 48 bytes each, one after the other, or in base64 on lines of their own. */
    static List<byte[]> read(Path file) throws TlsException {
        byte[] bytes = Pem.bytes(file);
        List<byte[]> keys = new ArrayList<>();
        if (isText(bytes)) {
            for (String line :
                    new String(bytes, StandardCharsets.US_ASCII).lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    keys.add(decoded(line.strip(), file));
                }
            }
        } else if (bytes.length % TicketKeys.BYTES == 0) {
            for (int at = 0; at < bytes.length; at += TicketKeys.BYTES) {
                keys.add(Arrays.copyOfRange(bytes, at, at + TicketKeys.BYTES));
            }
        }
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw new TlsException(
                    file + " holds no session ticket keys: 1 to " + MOST_KEYS + " times " + TicketKeys.BYTES
                            + " bytes, or as much in base64 on a line each; make one with: openssl rand -base64 "
                            + TicketKeys.BYTES);
        }
        return keys;
    }

    private static byte[] decoded(String line, Path file) throws TlsException {
        try {
            byte[] key = Base64.getDecoder().decode(line);
            if (key.length == TicketKeys.BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Said below, and without the line: it may be a key nearly.
        }
        throw new TlsException("a line of " + file + " isn't " + TicketKeys.BYTES + " bytes in base64");
    }

    private static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            if (b != '\n' && b != '\r' && b != '\t' && (b < ' ' || b > '~')) {
                return false;
            }
        }
        return true;
    }
}
