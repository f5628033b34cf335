package Bench::Table;

# Copyright (C) ngx_chat_module contributors

# What came of all rounds: the table that is printed, and build/bench.json.
#
#     my %run = (rounds => 5, sync => 98, taken => 0, again => 0,
#                cases => [ cases() ]);
#
# A case has got .answers, by server, one for each of its rounds; .sync is
# how long one takes, in us; .taken is what Bench::Machine says of the turn that
# was disturbed most, and so many turns were measured .again.

use v5.36;

use Bench::Machine qw(machine);
use Bench::Nginx qw(WORKERS write_file);
use Cpanel::JSON::XS ();
use Exporter qw(import);
use List::Util qw(max min);

our @EXPORT_OK = qw(median print_table write_json);


sub print_table ($run) {
    printf "\n%s\n%d rounds, %d workers; a sync takes %.0f us\n", machine(),
           $run->{rounds}, WORKERS, $run->{sync};
    printf "in each turn the host took at most %.0f %% of the CPU time that was"
           . " wanted%s\n", 100 * $run->{taken},
           $run->{again} ? ", $run->{again} measured again" : '';

    for my $case (@{ $run->{cases} }) {
        my $rounds = max(map { scalar @$_ } values %{ $case->{answers} });

        printf "\n(%s) %s%s\n", @$case{qw(letter title)},
               $case->{turns} ? ", quartiles of $rounds turns"
               : $rounds < $run->{rounds} ? ", $rounds rounds" : '';

        for my $line (@{ $case->{lines} }) {
            for my $server (servers($case)) {
                print_figure($run, $case, $line, $server);
            }
        }
    }
}


# in the order in which they stand in the case

sub servers ($case) {
    return grep { $case->{answers}{$_} } map { s/^\{(.*)\|\}$/$1/r }
           @{ $case->{servers} };
}


sub print_figure ($run, $case, $line, $server) {
    my ($figure, $path, $divisor, $unit, @targets) = @$line;
    my @values = figures($case, $line, $server) or return;

    printf "  %-13s %-9s %9s %-3s [%s .. %s]", $figure, $server,
           number(median(@values)), $unit,
           map { number($_) } $case->{turns} ? quartiles(@values)
                                             : (min(@values), max(@values));

    print_target($run, $case, $line, $_)
        for grep { $_->[0] eq $server } @targets;
    print "\n";
}


sub print_target ($run, $case, $line, $target) {
    my $is = judged($run, $case, $line, $target) or return;

    printf "  %s %s %s  %s", $is->{what}, number($is->{value}),
           "($target->[2] $is->{target})", $is->{met} ? 'met' : 'MISSED';
}


# What is compared, its value, and whether the target is met; nothing when a
# side of it had no turn.

sub judged ($run, $case, $line, $target) {
    my ($server, $other, $sign, $bound, $syncs) = @$target;
    my @own = figures($case, $line, $server) or return;
    my @others = defined $other ? figures($case, $line, $other) : ();
    my %is;

    return if defined $other && !@others;

    if (!defined $other) {
        $bound = $bound->($run->{sync}) if ref $bound;

        %is = (what => 'is', value => median(@own),
               target => ref $target->[3] ? number($bound) : $bound);

    } elsif ($syncs) {
        my $allowed = median(@others) + $syncs * $run->{sync} / $line->[2];

        %is = (what => 'ratio', value => median(ratios(\@own, \@others)),
               target => sprintf '%s + %d sync', $other, $syncs);
        $is{met} = median(@own) <= $allowed ? 1 : 0;

    } else {
        %is = (what => 'ratio', value => median(ratios(\@own, \@others)),
               target => $bound);
    }

    $is{met} //= ($sign eq '<=' ? $is{value} <= $bound : $is{value} >= $bound)
        ? 1 : 0;

    return \%is;
}


sub ratios ($own, $others) {
    return map { $own->[$_] / $others->[$_] } 0 .. $#$own;
}


sub figures ($case, $line, $server) {
    my @values;

    for my $answer (@{ $case->{answers}{$server} // [] }) {
        my $value = $answer;
        $value = $value->{$_} // return for split ' ', $line->[1];

        push @values, $value / $line->[2];
    }

    return @values;
}


sub write_json ($run, $file) {
    my @out;

    for my $case (@{ $run->{cases} }) {
        my @targets;

        for my $line (@{ $case->{lines} }) {
            my ($figure, $path, $divisor, $unit, @of) = @$line;

            for my $target (@of) {
                my $is = judged($run, $case, $line, $target) or next;

                push @targets, { %$is, server => $target->[0],
                                 figure => $figure, sign => $target->[2] };
            }
        }

        push @out, { map({ $_ => $case->{$_} } qw(name letter title args loads
                                                  answers)),
                     targets => \@targets };
    }

    write_file($file, Cpanel::JSON::XS->new->pretty->canonical->encode({
        machine => machine(), rounds => $run->{rounds}, workers => WORKERS,
        sync_us => $run->{sync}, taken => $run->{taken},
        again => $run->{again}, cases => \@out,
    }));
}


sub median (@values) {
    @values = sort { $a <=> $b } @values;
    return @values % 2 ? $values[$#values / 2]
                       : ($values[$#values / 2] + $values[@values / 2]) / 2;
}


sub quartiles (@values) {
    @values = sort { $a <=> $b } @values;
    return @values[@values / 4, @values * 3 / 4];
}


sub number ($value) {
    return $value if $value == int $value && $value < 100;
    return sprintf $value < 10 ? '%.2f' : $value < 100 ? '%.1f' : '%.0f',
                   $value;
}


1;
