package io.foregate.tests.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority of openssl's making, in a folder: {@code ca.pem}, {@code ca.key}. */
public final class Authority {
    private static final List<String> ECDSA = List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    private static final int VALID_DAYS = 90;
    private static final int EXPIRED = -1;

    private final Path folder;
    private final String name;

    public Authority(Path folder) throws IOException {
        this(folder, "ca");
    }

    /** One whose files have another name. */
    public Authority(Path folder, String name) throws IOException {
        this.folder = folder;
        this.name = name;
        signItself(folder, name, "keyUsage=critical,keyCertSign,cRLSign,digitalSignature");
    }

    /**
     * Lays {@code name.pem} and {@code name.key} down, a certificate that nobody but itself has signed.
     *
     * @param names as OpenSSL writes them: {@code DNS:a.example,IP:127.0.0.1}
     */
    public static Path selfSigned(Path folder, String name, String names) throws IOException {
        signItself(folder, name, "subjectAltName=" + names);
        return folder.resolve(name + ".pem");
    }

    private static void signItself(Path folder, String name, String extension) throws IOException {
        request(
                folder,
                name,
                ECDSA,
                ".pem",
                List.of("-x509", "-days", "365", "-subj", "/CN=" + name, "-addext", extension));
    }

    private static void request(Path folder, String name, List<String> key, String ending, List<String> more)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-newkey"));
        command.addAll(key);
        command.add("-nodes");
        command.addAll(List.of("-keyout", folder.resolve(name + ".key").toString()));
        command.addAll(List.of("-out", folder.resolve(name + ending).toString()));
        command.addAll(more);
        Program.run(command.toArray(String[]::new));
    }

    public Path certificate() {
        return folder.resolve(name + ".pem");
    }

    public Path key() {
        return folder.resolve(name + ".key");
    }

    /** A certificate {@code file.pem}, with this one behind it, and its key {@code file.key} for these names; ECDSA. */
    public void issue(String file, String names) throws IOException {
        issue(file, names, ECDSA, "");
    }

    public void issueRsa(String file, String names) throws IOException {
        issue(file, names, List.of("rsa:2048"), "");
    }

    /**
     * @param names as OpenSSL writes them: {@code DNS:a.example,IP:127.0.0.1}
     * @param extensions further lines of OpenSSL's configuration
     */
    public void issue(String file, String names, List<String> key, String extensions) throws IOException {
        issue(file, key, names, extensions, VALID_DAYS);
    }

    /** One that isn't valid any more. */
    public void issueExpired(String file, String names) throws IOException {
        issue(file, ECDSA, names, "", EXPIRED);
    }

    private void issue(String file, List<String> key, String names, String extensions, int days) throws IOException {
        String first = names.split(",")[0];
        request(folder, file, key, ".csr", List.of("-new", "-subj", "/CN=" + first.substring(first.indexOf(':') + 1)));
        Path fields = Files.writeString(folder.resolve(file + ".ext"), "subjectAltName=" + names + "\n" + extensions);
        Path leaf = folder.resolve(file + ".leaf");
        Program.run(
                "openssl",
                "x509",
                "-req",
                "-in",
                folder.resolve(file + ".csr").toString(),
                "-CA",
                certificate().toString(),
                "-CAkey",
                key().toString(),
                "-CAcreateserial",
                "-days",
                String.valueOf(days),
                "-sha256",
                "-extfile",
                fields.toString(),
                "-out",
                leaf.toString());
        Files.writeString(folder.resolve(file + ".pem"), Files.readString(leaf) + Files.readString(certificate()));
    }
}
