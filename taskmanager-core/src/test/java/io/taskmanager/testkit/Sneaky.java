package io.taskmanager.testkit;

/** Throws anything from anywhere, as user code does. */
public final class Sneaky {

    private Sneaky() {}

    /** Never returns; the return type lets callers write {@code throw rethrow(e)}. */
    public static RuntimeException rethrow(Throwable error) {
        return Sneaky.<RuntimeException, RuntimeException>cast(error);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable, T> T cast(Throwable error) throws X {
        throw (X) error;
    }
}
