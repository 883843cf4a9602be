package io.foregate.control.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Responders that hang, and what is stapled meanwhile. */
final class StapleTest {
    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final Duration LONG_ENOUGH = Duration.ofHours(2);

    @TempDir
    private Path folder;

    private void openssl(String line) throws Exception {
        List<String> command = new ArrayList<>(List.of(("openssl " + line).split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private X509Certificate certificate(String name) throws Exception {
        try (InputStream in = Files.newInputStream(folder.resolve(name))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private void issue() throws Exception {
        String make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 ";
        openssl(make + "-keyout ca.key -out ca.pem -subj /CN=authority");
        openssl(make + "-keyout a.key -out a.pem -subj /CN=a.test -CA ca.pem -CAkey ca.key -set_serial 0x2A");
        Files.writeString(folder.resolve("index"), "V\t400101000000Z\t\t2A\tunknown\t/CN=a.test\n");
    }

    /** What openssl answers to the question that was asked. */
    private byte[] answer(byte[] question) throws Exception {
        Files.write(folder.resolve("question"), question);
        openssl("ocsp -index index -CA ca.pem -rsigner ca.pem -rkey ca.key -ndays 1 -reqin question -respout answer");
        return Files.readAllBytes(folder.resolve("answer"));
    }

    /** Reads a POST; returns its body. */
    private static byte[] question(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        String length = head.toString().replaceAll("(?is).*\r\ncontent-length: *([0-9]+)\r\n.*", "$1");
        return in.readNBytes(Integer.parseInt(length));
    }

    private static byte[] head(int length) {
        return ("HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aResponderThatHangsIsGivenUpAndALaterAnswerIsUsed() throws Exception {
        issue();
        X509Certificate leaf = certificate("a.pem");
        try (ServerSocket responder = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            URI at = URI.create("http://127.0.0.1:" + responder.getLocalPort());
            Staple staple = new Staple(leaf, certificate("ca.pem"), at, PATIENCE);
            List<Staple> known = List.of(staple);
            Instant now = Instant.now();

            // It accepts, and never says a word.
            assertThat(staple.refresh("a.test", now)).isFalse();
            assertThat(Staple.known(known, leaf)).isNull();
            byte[] answer;
            try (Socket first = responder.accept()) {
                answer = answer(question(first.getInputStream()));
            }

            // It answers with a head, and nothing more.
            Thread halting = Thread.ofVirtual().start(() -> {
                try (Socket second = responder.accept()) {
                    question(second.getInputStream());
                    second.getOutputStream().write(head(answer.length));
                    second.getInputStream().read();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(staple.refresh("a.test", now.plus(LONG_ENOUGH))).isFalse();
            halting.join();
            assertThat(Staple.known(known, leaf)).isNull();

            Thread answering = Thread.ofVirtual().start(() -> {
                try (Socket third = responder.accept()) {
                    question(third.getInputStream());
                    third.getOutputStream().write(head(answer.length));
                    third.getOutputStream().write(answer);
                    third.getInputStream().read();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(staple.refresh("a.test", now.plus(LONG_ENOUGH.multipliedBy(2))))
                    .isTrue();
            answering.join();
            assertThat(Staple.known(known, leaf)).isEqualTo(answer);
            assertThat(Staple.until(known, leaf)).isAfter(now);
        }
    }
}
