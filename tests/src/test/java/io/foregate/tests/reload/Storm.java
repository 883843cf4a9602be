package io.foregate.tests.reload;

import io.foregate.tests.support.Program;
import io.foregate.tests.support.RealProcess;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes the configuration of a process again and again, by SIGHUP, and sees to it that each change has come into force. */
final class Storm {
    private static final Pattern APPLIED = Pattern.compile("is revision ([0-9]+) now \\(SIGHUP, ([0-9]+) ms\\)");
    private static final Pattern LIVE = Pattern.compile(" *[0-9]+: +[0-9]+ +([0-9]+) +(\\S+).*");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = Long.getLong("foregate.test.pause", 0);

    /** What the process takes after a full collection. */
    record Memory(long heapKilobytes, long residentKilobytes) {
        @Override
        public String toString() {
            return "heap " + heapKilobytes + " KB, resident " + residentKilobytes + " KB";
        }
    }

    private final Path folder;
    private final RealProcess proxy;
    private final int origin;
    private final int echo;
    private final List<Long> millis = new ArrayList<>();
    private int round;

    Storm(Path folder, RealProcess proxy, int origin, int echo) {
        this.folder = folder;
        this.proxy = proxy;
        this.origin = origin;
        this.echo = echo;
    }

    void run(int reloads, int routes) throws IOException, InterruptedException {
        millis.clear();
        try (Wire client = proxy.client()) {
            for (int i = 0; i < reloads; i++) {
                Thread.sleep(PAUSE_MILLIS);
                round++;
                Path fresh = folder.resolve("new.yaml");
                Files.writeString(fresh, StormConfig.text(round, routes, origin, echo));
                Files.move(fresh, folder.resolve("foregate.yaml"), StandardCopyOption.REPLACE_EXISTING);
                int seen = proxy.program().errors().size();
                proxy.program().signal("HUP");
                millis.add(await(seen));
                int status = client.get("/round-" + round).status();
                if (status != 200) {
                    throw new AssertionError("the route of round " + round + " answers " + status);
                }
            }
        }
    }

    private long await(int from) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int at = from;
        while (System.nanoTime() - deadline < 0) {
            List<String> lines = proxy.program().errors();
            for (; at < lines.size(); at++) {
                Matcher applied = APPLIED.matcher(lines.get(at));
                if (applied.find() && Long.parseLong(applied.group(1)) == round + 1) {
                    return Long.parseLong(applied.group(2));
                }
            }
            Thread.sleep(2);
        }
        throw new AssertionError(
                "round " + round + " never came into force: " + proxy.program().errors());
    }

    /** Lets the load go on alone for a while, to compare with. */
    void quiet() throws InterruptedException {
        Thread.sleep(QUIET);
    }

    Memory memory() throws IOException {
        String pid = String.valueOf(proxy.program().pid());
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Program.run(jcmd, pid, "GC.run");
        long heap = 0;
        for (String line : Program.run(jcmd, pid, "GC.class_histogram").split("\n", -1)) {
            Matcher live = LIVE.matcher(line);
            // The collector fills gaps that it leaves for later with arrays of its own.
            if (live.matches() && !live.group(2).contains("FillerElement")) {
                heap += Long.parseLong(live.group(1));
            }
        }
        long resident = 0;
        for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
            if (line.startsWith("VmRSS:")) {
                resident = Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return new Memory(heap / 1024, resident);
    }

    /** How long the reloads took, as the process says. */
    String times() {
        List<Long> sorted = millis.stream().sorted().toList();
        return "median " + sorted.get(sorted.size() / 2) + " ms, 99 % " + sorted.get((sorted.size() - 1) * 99 / 100)
                + " ms, most " + sorted.getLast() + " ms";
    }
}
