package io.foregate.control.config.bind;

/** A text that isn't a value of its type. Thrown while binding only; the binder turns it into a {@link Problem}. */
public final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String hint;

    /**
     * @param what what is wrong with the text, naming it
     * @param hint what to write instead; may be empty
     */
    public BadValue(String what, String hint) {
        super(what, null, false, false);
        this.what = what;
        this.hint = hint;
    }

    public String what() {
        return what;
    }

    public String hint() {
        return hint;
    }
}
