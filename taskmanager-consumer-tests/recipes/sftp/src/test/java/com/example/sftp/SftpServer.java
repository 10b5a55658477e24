package com.example.sftp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * An SFTP server, a program of its own. Its folder holds its key, the password that it asks for, and the files. Prints its
 * port, and answers the lines {@code sessions} (how many are logged in), {@code refused} (how many passwords were wrong) and
 * {@code disconnect} (throws all sessions out).
 */
final class SftpServer {

    private static final AtomicInteger REFUSED = new AtomicInteger();

    private SftpServer() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // the log's
        int port = Integer.parseInt(args[0]);
        Path folder = Path.of(args[1]);
        SimpleGeneratorHostKeyProvider key = new SimpleGeneratorHostKeyProvider(folder.resolve("host-key"));
        key.setAlgorithm("EC");
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(port);
        server.setKeyPairProvider(key);
        server.setPasswordAuthenticator(
                (user, password, session) -> password.equals(read(folder.resolve("password"))) || refuse());
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(folder.resolve("files")));
        String publicKey = PublicKeyEntry.toString(key.loadKeys(null).iterator().next().getPublic());
        Files.writeString(folder.resolve("host-key.pub"), publicKey);
        server.start();
        answers.println(server.getPort());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            answers.println(obey(command, server));
        }
        // Whoever started it has gone.
        System.exit(0);
    }

    private static boolean refuse() {
        REFUSED.incrementAndGet();
        return false;
    }

    private static long obey(String command, SshServer server) {
        if (command.equals("refused")) {
            return REFUSED.get();
        }
        List<AbstractSession> sessions = server.getActiveSessions().stream()
                .filter(AbstractSession::isAuthenticated)
                .toList();
        if (command.equals("disconnect")) {
            sessions.forEach(session -> session.close(true));
        }
        return sessions.size();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
