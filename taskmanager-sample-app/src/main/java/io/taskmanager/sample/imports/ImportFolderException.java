package io.taskmanager.sample.imports;

/** A folder can't be imported. */
public class ImportFolderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Fault fault;

    ImportFolderException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    /** What is wrong with the folder. */
    public Fault fault() {
        return fault;
    }

    /** What can be wrong with a folder. */
    public enum Fault {
        /** The text is no path. */
        MALFORMED,
        /** It lies outside the root. */
        OUTSIDE,
        /** There is no such folder. */
        MISSING
    }
}
