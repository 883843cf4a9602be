package io.foregate.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** The process's entry point. */
public final class Main {
    /** Exit codes of every command. */
    static final int FINE = 0;

    static final int NO = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;

    private Main() {}

    public static void main(String[] args) {
        startQuickly();
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Callable<Integer> shortcut = Shortcut.of(args);
        int code;
        if (shortcut != null) {
            code = run(shortcut, args[0], err);
        } else {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            code = Cli.execute(out, err, args);
            out.flush();
        }
        err.flush();
        System.exit(code);
    }

    // Before anything has used reflection, a buffer or a logger. All of it is the user's to set otherwise.
    private static void startQuickly() {
        // The JVM's own way costs milliseconds per record of the configuration until it has warmed up, and none is
        // bound twice.
        setDefault("jdk.reflect.useNativeAccessorOnly", "true");
        // Netty's events of buffers, which nobody asks for, start the whole of the flight recorder.
        setDefault("io.netty.jfr.enabled", "false");
        // Otherwise every jar is searched for one.
        setDefault("slf4j.provider", "ch.qos.logback.classic.spi.LogbackServiceProvider");
        setDefault("slf4j.internal.verbosity", "WARN");
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static int run(Callable<Integer> command, String name, PrintWriter err) {
        try {
            return command.call();
        } catch (Exception e) {
            return failed(e, name, err);
        }
    }

    /** Says why a command came to nothing, and returns its exit code. */
    static int failed(Exception e, String command, PrintWriter err) {
        if (e instanceof Refused) {
            err.println("foregate: " + e.getMessage());
            return NO;
        }
        if (e instanceof Unreachable) {
            err.println("foregate: " + e.getMessage());
            return UNREACHABLE;
        }
        if (e instanceof BadUsage) {
            err.println("foregate: " + e.getMessage());
            err.println("Try 'foregate " + command + " --help'.");
            return USAGE;
        }
        err.println("foregate: an internal error; please report it with the lines below");
        e.printStackTrace(err);
        return NO;
    }
}
