package io.foregate.tests.discovery;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A DNS server on loopback, by UDP and TCP at one port: it answers from the records that a test gives it, or does worse. Knows what
 * the tests need of RFC 1035, and nothing else.
 */
final class NameServer implements AutoCloseable {
    /** How it behaves. */
    enum Mood {
        ANSWERS,
        /** Whatever fits by TCP is too long for UDP. */
        TRUNCATES,
        SILENT,
        /** SERVFAIL. */
        FAILS
    }

    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int AAAA = 28;
    private static final int SRV = 33;
    private static final long SLOW_NANOS = 250_000_000L;
    private static final int NXDOMAIN = 3;
    private static final int SERVFAIL = 2;

    private record Entry(String name, int type, int ttl, byte[] data) {}

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile List<Entry> entries = List.of();
    private volatile Mood mood = Mood.ANSWERS;
    private volatile String slow = "";
    private volatile CountDownLatch held = new CountDownLatch(0);

    private NameServer(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    static NameServer start() throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        while (true) {
            ServerSocket tcp = new ServerSocket(0, 50, loopback);
            try {
                NameServer server = new NameServer(new DatagramSocket(tcp.getLocalPort(), loopback), tcp);
                Thread.ofPlatform().daemon().start(server::datagrams);
                Thread.ofPlatform().daemon().start(server::connections);
                return server;
            } catch (SocketException taken) {
                tcp.close();
            }
        }
    }

    int port() {
        return tcp.getLocalPort();
    }

    /** What it was asked for, as {@code name type}. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    void mood(Mood next) {
        mood = next;
    }

    /** Whatever is asked of that name is answered late. */
    void slow(String name) {
        slow = name;
    }

    /** Questions are kept without an answer until {@link #answer}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void answer() {
        held.countDown();
    }

    /** These records and no others. */
    @SafeVarargs
    final void serve(List<Object>... records) {
        entries = Stream.of(records)
                .map(record -> new Entry(
                        (String) record.get(0), (int) record.get(1), (int) record.get(2), (byte[]) record.get(3)))
                .toList();
    }

    static List<Object> address(String name, int ttl, String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return List.of(name, bytes.length == 4 ? A : AAAA, ttl, bytes);
    }

    static List<Object> alias(String name, int ttl, String other) {
        return List.of(name, CNAME, ttl, encoded(other));
    }

    static List<Object> service(String name, int ttl, int priority, int weight, int port, String target) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int number : new int[] {priority, weight, port}) {
            data.write(number >> 8);
            data.write(number);
        }
        data.writeBytes(encoded(target));
        return List.of(name, SRV, ttl, data.toByteArray());
    }

    private static byte[] encoded(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private void datagrams() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()), true);
                if (answer.length > 0) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connections() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), false);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
                // Until the client has read it and goes.
                in.readAllBytes();
            } catch (IOException gone) {
                // The client's affair, or the end.
            }
        }
    }

    private byte[] answer(byte[] question, boolean datagram) throws IOException {
        StringBuilder text = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            text.append(text.isEmpty() ? "" : ".")
                    .append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
            at += question[at] + 1;
        }
        String name = text.toString().toLowerCase(Locale.ROOT);
        int type = (question[at + 1] & 0xff) << 8 | question[at + 2] & 0xff;
        asked.add(name + " " + type);
        if (name.equals(slow)) {
            LockSupport.parkNanos(SLOW_NANOS);
        }
        try {
            held.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (mood == Mood.SILENT) {
            return new byte[0];
        }
        boolean truncated = datagram && mood == Mood.TRUNCATES;
        List<Entry> answers = mood == Mood.FAILS || truncated ? List.of() : answers(name, type);
        boolean known = entries.stream().anyMatch(entry -> entry.name.equals(name));
        int code = mood == Mood.FAILS ? SERVFAIL : known ? 0 : NXDOMAIN;

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8180 | (truncated ? 0x0200 : 0) | code);
        out.writeShort(1);
        out.writeShort(answers.size());
        out.writeInt(0);
        out.write(question, 12, at + 5 - 12);
        for (Entry entry : answers) {
            out.write(encoded(entry.name));
            out.writeShort(entry.type);
            out.writeShort(1);
            out.writeInt(entry.ttl);
            out.writeShort(entry.data.length);
            out.write(entry.data);
        }
        return bytes.toByteArray();
    }

    // As a recursive server does it: the aliases, and what the last one has.
    private List<Entry> answers(String name, int type) {
        List<Entry> found = new ArrayList<>();
        String wanted = name;
        for (int i = 0; i < entries.size(); i++) {
            String current = wanted;
            for (Entry entry : entries) {
                if (entry.name.equals(current) && entry.type == CNAME && !found.contains(entry)) {
                    found.add(entry);
                    wanted = decoded(entry.data);
                }
            }
        }
        String last = wanted;
        entries.stream()
                .filter(entry -> entry.name.equals(last) && entry.type == type)
                .forEach(found::add);
        return found;
    }

    private static String decoded(byte[] name) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; name[at] != 0; at += name[at] + 1) {
            text.append(text.isEmpty() ? "" : ".")
                    .append(new String(name, at + 1, name[at], StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        held.countDown();
        udp.close();
        tcp.close();
    }
}
