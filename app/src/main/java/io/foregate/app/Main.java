package io.foregate.app;

/** The process's entry point. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.err.println("foregate: no commands yet");
        System.exit(2);
    }
}
