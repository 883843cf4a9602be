package io.foregate.control.health;

/**
 * What a check came to.
 *
 * @param reason in words for people
 * @param slow whether it took as long as it may
 */
record Finding(boolean passed, String reason, boolean slow) {
    static Finding passed(String reason) {
        return new Finding(true, reason, false);
    }

    static Finding failed(String reason) {
        return new Finding(false, reason, false);
    }
}
