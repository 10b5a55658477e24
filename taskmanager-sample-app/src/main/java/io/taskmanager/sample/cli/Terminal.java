package io.taskmanager.sample.cli;

import java.io.Console;

/** Tells a terminal from a file or a pipe. */
final class Terminal {

    private Terminal() {}

    /** From Java 22 on there may be a console without a terminal; that one can be asked, by a method that 17 lacks. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true; // before Java 22
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the console can't be asked whether it is a terminal", e);
        }
    }
}
