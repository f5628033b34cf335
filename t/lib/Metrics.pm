package Metrics;

# Copyright (C) ngx_chat_module contributors

# The page of metrics, read by the letter of its format: what Prometheus might
# let pass is an error here.
#
#     my $page = Metrics->fetch($t);
#     $page->errors;                  # what is wrong with it
#     $page->value('ngx_chat_waiters{who="visitor",by="poll"}');
#     $page->sum('ngx_chat_waiters');
#     Metrics->table;                 # the rows of base/metrics.h

use v5.36;

use Cwd qw(abs_path);
use File::Basename qw(dirname);

my $root = abs_path(dirname(__FILE__) . '/../..');

my $label = qr/[a-z_]+="(?:[^"\\\n]|\\["\\n])*"/;
my $number = qr/[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\+Inf/;


sub fetch ($class, $t, %opt) {
    my $res = $t->browser->get($opt{path} // "$t->{prefix}metrics");

    die 'no metrics: ', $res->code // 'no answer', "\n"
        if ($res->code // 0) != 200;

    return $class->parse($res->body);
}


sub parse ($class, $text, %opt) {
    my $self = bless {
        text => $text, open => $opt{open}, errors => [], values => {},
        families => {}, type => {},
    }, $class;

    $self->_read;
    $self->_histograms;

    return $self;
}


sub text ($self) { $self->{text} }
sub errors ($self) { @{ $self->{errors} } }
sub samples ($self) { sort keys %{ $self->{values} } }
sub type ($self, $family) { $self->{type}{$family} }
sub families ($self) { sort keys %{ $self->{type} } }


sub value ($self, $sample) {
    return $self->{values}{$sample} // die "there is no $sample\n";
}


# of all samples of a name, or of those whose labels match

sub sum ($self, $name, $labels = qr/^/) {
    my $sum = 0;

    for my $sample (keys %{ $self->{values} }) {
        $sum += $self->{values}{$sample}
            if $sample =~ /^\Q$name\E(?:\{|$)/ && $sample =~ $labels;
    }

    return $sum;
}


# the counters: samples that may only grow

sub counters ($self) {
    return grep {
        my $family = s/\{.*//r =~ s/_(?:bucket|sum|count)$//r;
        ($self->{type}{s/\{.*//r} // '') eq 'counter'
            || ($self->{type}{$family} // '') eq 'histogram';
    } $self->samples;
}


# Samples whose counters are smaller than they were on an earlier page.

sub behind ($self, $earlier) {
    return grep { ($self->{values}{$_} // -1) < $earlier->{values}{$_} }
           $earlier->counters;
}


sub _wrong ($self, $line, $why) {
    push @{ $self->{errors} }, "$line: $why";
}


sub _read ($self) {
    my @lines = split /\n/, $self->{text}, -1;
    my ($n, $family, $helped, $end) = (0);

    $self->_wrong(scalar @lines, 'no line end') if pop @lines ne '';

    for (@lines) {
        $n++;

        $self->_wrong($n, 'something behind the end') if $end;

        if (/^# HELP (\w+) (.+)$/) {
            ($family, $helped) = ($1, 1);
            $self->_wrong($n, "$1 again") if $self->{families}{$1}++;

        } elsif (/^# TYPE (\w+) (counter|gauge|histogram)$/) {
            $self->_wrong($n, "$1: no help before")
                if !$helped || $family ne $1;
            $helped = 0;
            $self->_name($n, $1, $self->{type}{$1} = $2);

        } elsif ($self->{open} && $_ eq '# EOF') {
            $end = 1;

        } elsif (/^([a-z_]+)(?:\{($label(?:,$label)*)\})? ($number)$/) {
            $self->_sample($n, $family, $1, $2, $3);

        } else {
            $self->_wrong($n, "not of the format: $_");
        }
    }

    $self->_wrong($n, 'no end') if $self->{open} && !$end;
}


sub _name ($self, $n, $name, $type) {
    $self->_wrong($n, "$name: not ours") if $name !~ /^ngx_chat_[a-z_]+$/;
    $self->_wrong($n, "$name: no base unit")
        if $name =~ /_(?:ms|us|milliseconds|minutes|kb|mb|kib|percent)(?:_|$)/;

    my $total = $name =~ /_total$/;

    $self->_wrong($n, "$name: a counter ends in _total")
        if $type eq 'counter' && !$self->{open} && !$total;
    $self->_wrong($n, "$name: it ends in _total")
        if $total && ($type ne 'counter' || $self->{open});
    $self->_wrong($n, "$name: a reserved end")
        if $name =~ /_(?:bucket|sum|count)$/;
}


sub _sample ($self, $n, $family, $name, $labels, $value) {
    my $type = defined $family ? $self->{type}{$family} // '' : '';
    my %fits = (
        counter   => [ $self->{open} ? "${family}_total" : $family ],
        gauge     => [ $family ],
        histogram => [ map { "${family}_$_" } qw(bucket sum count) ],
    );
    my $sample = $name . (defined $labels ? "{$labels}" : '');
    my %seen;

    $self->_wrong($n, "$name: not of the family that is begun")
        if !grep { $_ eq $name } @{ $fits{$type} // [] };
    $self->_wrong($n, "$sample: a label twice")
        if grep { $seen{$_}++ } ($labels // '') =~ /(?:^|,)([a-z_]+)="/g;
    $self->_wrong($n, "$sample again") if exists $self->{values}{$sample};
    $self->_wrong($n, "$sample is below 0") if $value < 0;

    $self->{values}{$sample} = $value;
    push @{ $self->{buckets}{$family} }, [ $labels // '', $value ]
        if $name =~ /_bucket$/;
}


sub _histograms ($self) {
    for my $family (grep { $self->{type}{$_} eq 'histogram' }
                    $self->families)
    {
        my ($bound, $count) = ('-Inf', 0);

        for (@{ $self->{buckets}{$family} }) {
            my ($labels, $value) = @$_;
            my ($le) = $labels =~ /^le="($number)"$/;

            $self->_wrong($family, "bucket $labels") if !defined $le;
            $self->_wrong($family, "$le is not above $bound")
                if ($le // 0) <= $bound;
            $self->_wrong($family, "bucket $le is below the one before")
                if $value < $count;

            ($bound, $count) = ($le // 0, $value);
        }

        $self->_wrong($family, 'the last bucket is not +Inf')
            if $bound ne '+Inf';
        $self->_wrong($family, 'the last bucket is not the count')
            if ($self->{values}{"${family}_count"} // -1) != $count;
        $self->_wrong($family, 'no sum')
            if !defined $self->{values}{"${family}_sum"};
    }
}


# What base/metrics.h lists: { id, type, from, name, labels, help }; type is
# that of the page.

sub table ($class) {
    open my $fh, '<', "$root/ngx_chat_module/base/metrics.h" or die $!;
    my $text = do { local $/; readline $fh } =~ s/\\\n/\n/gr;
    my @rows;

    my ($metrics) = $text =~ /^#define NGX_CHAT_METRICS\(_\)(.*?)\n\n\n/ms;
    my ($histograms) = $text =~ /^#define NGX_CHAT_HISTOGRAMS\(_\)(.*?)\n\n\n/ms;

    while ($metrics =~ /_\((\w+), \s* (\w+), \s* (\w+), \s* "(\w+)", \s*
                        ("(?:[^"\\]|\\.)*"|NULL), \s*
                        ((?:"(?:[^"\\]|\\.)*"\s*)+) \)/xg)
    {
        push @rows, {
            id => $1, type => $2 eq 'GAUGE' ? 'gauge' : 'counter', from => $3,
            name => $4, labels => _string($5), help => _string($6),
        };
    }

    while ($histograms =~ /_\((\w+), \s* (\w+), \s* "(\w+)", \s*
                           ((?:"[^"]*"\s*)+), \s* \w+ \)/xg)
    {
        push @rows, { id => $1, type => 'histogram', from => 'SUM',
                      name => $3, labels => '', help => _string($4) };
    }

    my $listed = () = "$metrics$histograms" =~ /_\([A-Z]/g;
    die "of $listed rows, ${\ scalar @rows} were read\n" if $listed != @rows;

    return @rows;
}


sub _string ($literals) {
    return join '', map { s/\\(.)/$1/gr } $literals =~ /"((?:[^"\\]|\\.)*)"/g;
}


# the names of all samples that queries may ask for

sub names ($class) {
    my %name;

    for my $row ($class->table) {
        $name{"$row->{name}$_"} = 1
            for $row->{type} eq 'histogram' ? qw(_bucket _sum _count) : '';
    }

    return sort keys %name;
}


1;
