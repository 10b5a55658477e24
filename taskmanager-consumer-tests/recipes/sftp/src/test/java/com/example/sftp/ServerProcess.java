package com.example.sftp;

import com.example.tools.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An {@link SftpServer} in a JVM of its own, which keeps its port when it is started again. */
final class ServerProcess implements AutoCloseable {

    private final Path folder;
    private int port;
    private Process process;
    private BufferedReader answers;

    ServerProcess(Path folder) {
        this.folder = folder;
    }

    void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SftpServer.class.getName(),
                        Integer.toString(port),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        port = Integer.parseInt(answers.readLine());
    }

    int port() {
        return port;
    }

    int sessions() throws IOException {
        return ask("sessions");
    }

    /** How often it has refused a password since its start. */
    int refused() throws IOException {
        return ask("refused");
    }

    void disconnectAll() throws IOException {
        ask("disconnect");
    }

    private int ask(String command) throws IOException {
        OutputStream commands = process.getOutputStream();
        commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
        return Integer.parseInt(answers.readLine());
    }

    void freeze() throws IOException, InterruptedException {
        Signal.STOP.send(process.toHandle());
    }

    void thaw() throws IOException, InterruptedException {
        Signal.CONT.send(process.toHandle());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
