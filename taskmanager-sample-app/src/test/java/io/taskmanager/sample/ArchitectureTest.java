package io.taskmanager.sample;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** How the packages hang together. */
@AnalyzeClasses(packagesOf = SampleApplication.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule NO_TWO_PACKAGES_FORM_A_CIRCLE =
            slices().matching("io.taskmanager.(**)").should().beFreeOfCycles();
}
