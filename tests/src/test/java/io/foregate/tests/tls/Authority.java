package io.foregate.tests.tls;

import io.foregate.tests.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority of openssl's making, in a folder: {@code ca.pem}, {@code ca.key}. */
final class Authority {
    private final Path folder;
    private final String name;

    Authority(Path folder) throws IOException {
        this(folder, "ca");
    }

    Authority(Path folder, String name) throws IOException {
        this.folder = folder;
        this.name = name;
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "365");
    }

    private void openssl(String... request) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(request));
        command.addAll(List.of(
                "-keyout", key().toString(), "-out", certificate().toString(), "-subj", "/CN=Test Authority " + name));
        command.addAll(List.of("-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"));
        Program.run(command.toArray(String[]::new));
    }

    Path certificate() {
        return folder.resolve(name + ".pem");
    }

    Path key() {
        return folder.resolve(name + ".key");
    }

    /** A certificate {@code file.pem} with its key {@code file.key} for these names, with an ECDSA key. */
    void issue(String file, String names) throws IOException {
        issue(file, names, List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "");
    }

    void issueRsa(String file, String names) throws IOException {
        issue(file, names, List.of("rsa:2048"), "");
    }

    /**
     * @param names as OpenSSL writes them: {@code DNS:a.example,IP:127.0.0.1}
     * @param extensions further lines of OpenSSL's configuration
     */
    void issue(String file, String names, List<String> key, String extensions) throws IOException {
        Path request = folder.resolve(file + ".csr");
        Path fields = folder.resolve(file + ".ext");
        String first = names.split(",")[0];
        List<String> make = new ArrayList<>(List.of("openssl", "req", "-new", "-newkey"));
        make.addAll(key);
        make.addAll(List.of("-nodes", "-keyout", folder.resolve(file + ".key").toString()));
        make.addAll(List.of("-out", request.toString(), "-subj", "/CN=" + first.substring(first.indexOf(':') + 1)));
        Program.run(make.toArray(String[]::new));
        Files.writeString(fields, "subjectAltName=" + names + "\n" + extensions);
        Path leaf = folder.resolve(file + ".leaf");
        Program.run(
                "openssl",
                "x509",
                "-req",
                "-in",
                request.toString(),
                "-CA",
                certificate().toString(),
                "-CAkey",
                key().toString(),
                "-CAcreateserial",
                "-days",
                "90",
                "-sha256",
                "-extfile",
                fields.toString(),
                "-out",
                leaf.toString());
        Files.writeString(folder.resolve(file + ".pem"), Files.readString(leaf) + Files.readString(certificate()));
    }
}
