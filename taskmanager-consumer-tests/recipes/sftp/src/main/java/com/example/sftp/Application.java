package com.example.sftp;

import static org.apache.sshd.common.SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE;
import static org.apache.sshd.common.SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.UnrecoverableResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.future.CancelOption;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.common.SftpException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
@ConfigurationPropertiesScan
public class Application {

    private static final Set<Integer> REFUSALS =
            Set.of(SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE, SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE);

    @ConfigurationProperties("sftp")
    record Server(String url, Path passwordFile, Path knownHosts, Duration timeout) {}

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @Bean(initMethod = "start", destroyMethod = "stop")
    SshClient sshClient(Server server) {
        SshClient ssh = SshClient.setUpDefaultClient();
        ssh.setServerKeyVerifier(
                new KnownHostsServerKeyVerifier(RejectAllServerKeyVerifier.INSTANCE, server.knownHosts()));
        ssh.setUserAuthFactories(List.of(UserAuthPasswordFactory.INSTANCE));
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(ssh, server.timeout());
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(ssh, 2);
        SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.set(ssh, server.timeout());
        return ssh;
    }

    @Bean
    ResourceFactory<SftpClient> archiveResourceFactory(SshClient ssh, Server server) {
        return ResourceFactory.<SftpClient>builder(() -> logIn(ssh, server))
                .destroy(sftp -> sftp.getClientSession().close())
                .validate(sftp -> sftp.isOpen() && sftp.canonicalPath(".") != null)
                .build();
    }

    private static SftpClient logIn(SshClient ssh, Server server) throws Exception {
        ClientSession session = ssh.connect(server.url())
                .verify(server.timeout(), CancelOption.CANCEL_ON_TIMEOUT, CancelOption.CANCEL_ON_INTERRUPT)
                .getClientSession();
        try {
            session.addPasswordIdentity(Files.readString(server.passwordFile()).strip());
            session.auth().verify(server.timeout());
            return SftpClientFactory.instance().createSftpClient(session);
        } catch (Exception e) {
            session.close();
            int code = e instanceof SshException refusal ? refusal.getDisconnectCode() : 0;
            throw REFUSALS.contains(code) ? new UnrecoverableResourceException("refused by " + server.url(), e) : e;
        }
    }

    @Bean
    HealthCheck archiveHealthCheck() {
        return error -> !(error instanceof IOException) || error instanceof SftpException;
    }
}
