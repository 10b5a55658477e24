package com.example.sftp;

import static org.apache.sshd.common.SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE;
import static org.apache.sshd.common.SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.RetryPolicy;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.UnrecoverableResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SftpSessions {

    @ConfigurationProperties("sftp")
    record Server(String host, int port, String user, Path passwordFile, Path knownHosts, Duration timeout) {}

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
                .destroy(sftp -> sftp.getClientSession().close(true).await(server.timeout()))
                .validate(sftp -> sftp.isOpen() && sftp.canonicalPath(".") != null)
                .build();
    }

    private static SftpClient logIn(SshClient ssh, Server server) throws Exception {
        ClientSession session = ssh.connect(server.user(), server.host(), server.port())
                .verify(server.timeout(), CancelOption.CANCEL_ON_TIMEOUT, CancelOption.CANCEL_ON_INTERRUPT)
                .getClientSession();
        try {
            session.addPasswordIdentity(Files.readString(server.passwordFile()).strip());
            session.auth().verify(server.timeout());
            return SftpClientFactory.instance().createSftpClient(session);
        } catch (Exception e) {
            session.close(true).await(server.timeout());
            throw isRefusal(e) ? new UnrecoverableResourceException(server.user() + " is refused", e) : e;
        }
    }

    private static boolean isRefusal(Exception error) {
        int code = error instanceof SshException ssh ? ssh.getDisconnectCode() : 0;
        return code == SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE || code == SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE;
    }

    @Bean
    HealthCheck archiveHealthCheck() {
        return error -> !isOfSession(error);
    }

    @Bean
    RetryPolicy archiveRetryPolicy() {
        return (error, attempt) -> isOfSession(error) || error instanceof TaskTimeoutException;
    }

    private static boolean isOfSession(Throwable error) {
        return error instanceof IOException && !(error instanceof SftpException);
    }
}
