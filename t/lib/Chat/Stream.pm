package Chat::Stream;

# Copyright (C) ngx_chat_module contributors

# An EventSource: what has come is in ->events, the cursor in ->last_id; each
# event is held against docs/api.yaml as any other answer is.

use v5.36;

use Mojo::JSON qw(from_json);
use Mojo::Util ();

use Chat::Wait qw(wait_for);
use OpenAPI ();


sub new ($class, %opt) {
    return bless {
        events => [], text => '', bytes => '', open => 0, over => 0,
        last_id => $opt{agent}->cursor, %opt,
    }, $class;
}


sub events ($self) { @{ $self->{events} } }
sub last_id ($self) { $self->{last_id} }
sub text ($self) { $self->{text} }
sub over ($self) { $self->{over} }
sub code ($self) { $self->{tx}->res->code }
sub headers ($self) { $self->{tx}->res->headers }


# Returns when the answer's head is there.

sub open ($self) {
    my $agent = $self->{agent};

    my $tx = $agent->transaction(GET => $agent->events_path,
        query => { after => $self->{last_id} },
        headers => {
            Accept => 'text/event-stream', %{ $self->{headers} // {} },
        },
    );

    @$self{qw(tx over open bytes)} = ($tx, 0, 0, '');

    $tx->res->content->unsubscribe('read')->on(read => sub ($, $bytes) {
        $self->{bytes} .= $bytes;
        $self->_parse;
    });

    $tx->res->content->on(body => sub { $self->{open} = 1 });

    # its own client: the time limit of a request is not for streams

    $self->{ua} = Mojo::UserAgent->new(
        inactivity_timeout => 0, request_timeout => 0, insecure => 1,
        cookie_jar => $agent->ua->cookie_jar, max_response_size => 0,
    );

    $self->{ua}->start($tx, sub { @$self{qw(open over)} = (1, 1) });

    wait_for(sub { $self->{open} }, 20, 'the stream opens');

    return $self;
}


# As a browser does when the connection was lost.

sub reopen ($self) {
    $self->{headers}{'Last-Event-ID'} = $self->{last_id};
    return $self->open;
}


sub _parse ($self) {
    while ($self->{bytes} =~ s/\A(.*?)\r?\n\r?\n//s) {
        my $block = $1;
        my (%field, @data);

        $self->{text} .= "$block\n\n";

        for (split /\r?\n/, $block) {
            /^(\w*): ?(.*)/ or next;
            $1 eq 'data' ? push(@data, $2) : ($field{$1} = $2);
        }

        $self->{last_id} = $field{id} if defined $field{id};

        $self->_event(Mojo::Util::decode('UTF-8', join "\n", @data)) if @data;
    }
}


sub _event ($self, $data) {
    my $event = eval { from_json($data) };
    my @errors = defined $event ? OpenAPI->contract->check('Event', $event)
                                : "not JSON: " . ($data // 'not UTF-8');

    $self->{agent}->chat->complain("stream: $_") for @errors;

    push @{ $self->{events} }, $event if defined $event;
}


# Waits until the condition holds for what has come (a number stands for so
# many durable events), and returns that.

sub wait ($self, $wanted, $timeout = 20) {
    my $enough = ref $wanted ? $wanted
        : sub (@events) { grep({ defined $_->{id} } @events) >= $wanted };

    wait_for(sub { $enough->($self->events) }, $timeout, 'streamed events');

    return $self->events;
}


sub wait_over ($self, $timeout = 20) {
    return wait_for(sub { $self->{over} }, $timeout, 'the stream ends');
}


sub close ($self) {
    delete $self->{ua};
    $self->{over} = 1;
    return $self;
}


1;
