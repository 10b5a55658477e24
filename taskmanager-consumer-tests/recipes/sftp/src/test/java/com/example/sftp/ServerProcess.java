package com.example.sftp;

import com.example.tools.RealServer;
import com.example.tools.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An {@link SftpServer} in a JVM of its own, which keeps its port when it is started again. */
public final class ServerProcess implements RealServer {

    private final Path folder;
    private int port;
    private Process process;
    private BufferedReader answers;

    public ServerProcess(Path folder) {
        this.folder = folder;
    }

    @Override
    public synchronized void start() throws IOException {
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

    @Override
    public int port() {
        return port;
    }

    public int sessions() throws IOException {
        return ask("sessions");
    }

    /** How often it has refused a password since its start. */
    public int refused() throws IOException {
        return ask("refused");
    }

    public void disconnectAll() throws IOException {
        ask("disconnect");
    }

    private synchronized int ask(String command) throws IOException {
        OutputStream commands = process.getOutputStream();
        commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the server has ended");
        }
        return Integer.parseInt(answer);
    }

    @Override
    public void freeze() throws IOException, InterruptedException {
        Signal.STOP.send(process.toHandle());
    }

    @Override
    public void thaw() throws IOException, InterruptedException {
        Signal.CONT.send(process.toHandle());
    }

    @Override
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
