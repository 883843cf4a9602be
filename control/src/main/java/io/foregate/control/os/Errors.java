package io.foregate.control.os;

/** What numbers of errors mean, for people. Stateless. */
final class Errors {
    private Errors() {}

    static String text(int errno) {
        return switch (errno) {
            case 1 -> "not permitted";
            case 2 -> "no such file";
            case 9 -> "no such descriptor";
            case 13 -> "permission denied";
            case 24 -> "too many open files";
            case 32, 104 -> "the other process is gone";
            case 88 -> "not a socket";
            case 98 -> "address in use";
            case 111 -> "nobody listens there";
            default -> "error " + errno;
        };
    }
}
