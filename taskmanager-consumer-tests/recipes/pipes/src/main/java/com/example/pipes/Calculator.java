package com.example.pipes;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.UnrecoverableResourceException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

record Calculator(Process process, Writer questions, BufferedReader answers) {

    static ResourceFactory<Calculator> factory(Path program) {
        return ResourceFactory.<Calculator>builder(() -> start(program))
                .destroy(calculator -> calculator.process.destroyForcibly().waitFor())
                .validate(calculator -> false)
                .build();
    }

    static TaskManagerConfig.Builder<Calculator> settings(ResourceFactory<Calculator> factory) {
        return TaskManagerConfig.builder(factory)
                .name("calculators")
                .workerCount(2)
                .maxWorkerCount(2)
                .maxResources(2)
                .maxRetries(1)
                .taskTimeout(Duration.ofSeconds(10))
                .healthCheck(error -> !(error instanceof IOException));
    }

    private static Calculator start(Path program) throws IOException {
        if (!Files.isExecutable(program)) {
            throw new UnrecoverableResourceException("there is no program " + program);
        }
        ProcessBuilder builder = new ProcessBuilder(program.toString(), "-q").redirectErrorStream(true);
        builder.environment().put("BC_LINE_LENGTH", "0");
        Process process = builder.start();
        return new Calculator(process, process.outputWriter(), process.inputReader());
    }

    String ask(TaskContext context, String question) throws IOException {
        context.onCancel(process::destroyForcibly);
        questions.write(question + "\nprint \"end of answer\\n\"\n");
        questions.flush();
        StringBuilder answer = new StringBuilder();
        for (String line = read(); !line.equals("end of answer"); line = read()) {
            answer.append(line);
        }
        if (answer.indexOf("error") >= 0) {
            throw new IllegalArgumentException(answer.toString());
        }
        return answer.toString();
    }

    private String read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new EOFException("the program has ended");
        }
        return line;
    }
}
