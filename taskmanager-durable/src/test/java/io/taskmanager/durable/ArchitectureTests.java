package io.taskmanager.durable;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.taskmanager.durable", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule THE_API_SHOWS_NOTHING_OF_THE_ENGINE = noClasses()
            .that()
            .resideInAPackage("io.taskmanager.durable")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.github.kagkarlsson..",
                    "io.taskmanager.durable.engine..",
                    "io.taskmanager.durable.autoconfigure..");

    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("io.taskmanager.durable.(*)..").should().beFreeOfCycles();
}
