package io.taskmanager;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house as it was laid out: imports point one way. */
@AnalyzeClasses(packages = "io.taskmanager", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule no_two_packages_form_a_circle =
            slices().matching("io.taskmanager.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_api_imports_nothing_of_the_engine = noClasses()
            .that()
            .resideInAPackage("io.taskmanager")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.taskmanager.engine..");

    @ArchTest
    static final ArchRule recording_metrics_knows_no_lock = noClasses()
            .that()
            .haveSimpleName("DefaultMetricsCollector")
            .or()
            .haveSimpleName("LatencyRecorder")
            .or()
            .haveSimpleName("RateWindow")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent.locks")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleNameStartingWith("Synchronized");

    @ArchTest
    static final ArchRule imports_point_from_the_top_to_the_bottom = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.taskmanager.engine..")
            .layer("engine")
            .definedBy("io.taskmanager.engine")
            .layer("scaling")
            .definedBy("..engine.scaling")
            .layer("worker")
            .definedBy("..engine.worker")
            .layer("execution")
            .definedBy("..engine.execution")
            .layer("queue")
            .definedBy("..engine.queue")
            .layer("resource")
            .definedBy("..engine.resource")
            .layer("metrics")
            .definedBy("..engine.metrics")
            .layer("lifecycle")
            .definedBy("..engine.lifecycle")
            .layer("support")
            .definedBy("..engine.support")
            .whereLayer("engine")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("scaling")
            .mayOnlyBeAccessedByLayers("engine")
            .whereLayer("worker")
            .mayOnlyBeAccessedByLayers("engine", "scaling")
            .whereLayer("execution")
            .mayOnlyBeAccessedByLayers("engine", "scaling", "worker")
            .whereLayer("queue")
            .mayOnlyBeAccessedByLayers("engine", "scaling", "worker", "execution")
            .whereLayer("resource")
            .mayOnlyBeAccessedByLayers("engine", "scaling", "worker", "execution", "queue");
}
