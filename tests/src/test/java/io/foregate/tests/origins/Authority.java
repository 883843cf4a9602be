package io.foregate.tests.origins;

import io.foregate.tests.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority in a folder; it signs with OpenSSL. Each certificate is {@code NAME.pem} with {@code NAME.key}. */
final class Authority {
    private final Path folder;
    private final String name;

    private Authority(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    static Authority create(Path folder, String name) throws IOException {
        Authority authority = new Authority(folder, name);
        Program.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-days",
                "30",
                "-keyout",
                authority.file(".key"),
                "-out",
                authority.file(".pem"));
        Files.writeString(folder.resolve(name + ".db"), "");
        Files.writeString(folder.resolve(name + ".srl"), "1000\n");
        Files.writeString(
                folder.resolve(name + ".cnf"),
                "[ca]\ndefault_ca=c\n[c]\ndatabase=" + authority.file(".db") + "\nserial=" + authority.file(".srl")
                        + "\nnew_certs_dir=" + folder + "\ncertificate=" + authority.file(".pem") + "\nprivate_key="
                        + authority.file(".key") + "\ndefault_md=sha256\npolicy=p\nunique_subject=no\n"
                        + "copy_extensions=copy\n[p]\ncommonName=supplied\n");
        return authority;
    }

    private String file(String ending) {
        return folder.resolve(name + ending).toString();
    }

    /** Signs a certificate for these names ({@code DNS:a,IP:127.0.0.1}) that is valid now. */
    void sign(String certificate, String names) throws IOException {
        sign(certificate, names, "20260101000000Z", "20490101000000Z");
    }

    /** Signs a certificate that was valid last century only. */
    void signExpired(String certificate, String names) throws IOException {
        sign(certificate, names, "19990101000000Z", "19991231235959Z");
    }

    private void sign(String certificate, String names, String from, String to) throws IOException {
        String request = folder.resolve(certificate + ".csr").toString();
        Program.run(
                "openssl",
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=" + certificate,
                "-addext",
                "subjectAltName=" + names,
                "-keyout",
                folder.resolve(certificate + ".key").toString(),
                "-out",
                request);
        Program.run(
                "openssl",
                "ca",
                "-batch",
                "-config",
                file(".cnf"),
                "-startdate",
                from,
                "-enddate",
                to,
                "-notext",
                "-in",
                request,
                "-out",
                folder.resolve(certificate + ".pem").toString());
    }
}
