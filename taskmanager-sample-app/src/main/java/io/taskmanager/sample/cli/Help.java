package io.taskmanager.sample.cli;

/** What {@code --help} prints. */
public final class Help {

    /** The text. */
    public static final String TEXT = """
            A photo catalogue on two task managers.

              (nothing)            the service, at http://localhost:8080/
              --import=FOLDER      imports a folder; exit code 0 if all went well, else 1
              --watch[=URL]        watches the managers of a service that runs, once a second, by the URL of its actuator
                                   endpoint, http://localhost:8080/actuator/taskmanager if none is given: a table that is
                                   drawn over on a terminal, a line a sample elsewhere or where NO_COLOR is set
              --watch --once       takes one sample and ends
              --watch --json       writes each sample as one line of JSON
              --help               this text

            Exit codes of --watch: 0 all went well, 1 the service failed, 2 the options make no sense, 3 the URL can't be
            reached, 4 nothing is there (404), 5 not allowed (401 or 403). A service that was reached once is waited for.

            Everything in application.yml is an option too: --photos.data=FOLDER, --server.port=8081, ...""";

    private Help() {}
}
