package Chat::Operator;

# Copyright (C) ngx_chat_module contributors

use v5.36;

use parent 'Chat::Agent';


sub events_path ($self) { 'operator/events' }

sub id ($self) { $self->{id} }
sub login ($self) { $self->{login} }
sub password ($self) { $self->{password} }


sub log_in ($self) {
    my $res = $self->post('operator/session',
        { login => $self->{login}, password => $self->{password} });

    die "$self->{login} could not log in: ", $res->code // 'no answer', ' ',
        $res->body, "\n" if ($res->code // 0) != 201;

    $self->{session} = $res->json;
    $self->{id} = $res->json->{operator}{id};
    $self->cursor($res->json->{cursor});

    return $self;
}


sub session ($self) { $self->{session} }
sub log_out ($self) { $self->delete('operator/session') }
sub who_am_i ($self) { $self->get('operator/session') }

sub presence ($self, $status) {
    return $self->put('operator/presence', { status => $status });
}


# Present is who listens: the stream, which is to be kept.

sub present ($self) {
    my $stream = $self->stream;

    $self->presence('online');

    return $stream;
}


sub conversations ($self, %query) {
    return $self->get('operator/conversations', query => \%query);
}

sub conversation ($self, $id) { $self->get("operator/conversations/$id") }

sub conversation_events ($self, $id, %query) {
    return $self->get("operator/conversations/$id/events", query => \%query);
}

sub take ($self, $id, %body) {
    return $self->post("operator/conversations/$id/take", \%body);
}


sub _message ($self, $text, %more) {
    return { client_id => $self->client_id, text => $text, %more };
}


sub say ($self, $id, $text, %more) {
    return $self->post("operator/conversations/$id/messages",
                       $self->_message($text, %more));
}


sub say_p ($self, $id, $text, %more) {
    return $self->post_p("operator/conversations/$id/messages",
                         $self->_message($text, %more));
}


sub typing ($self, $id, $typing = 1) {
    return $self->post("operator/conversations/$id/typing",
                       { typing => $typing ? \1 : \0 });
}

sub read ($self, $id, $up_to) {
    return $self->as_read("operator/conversations/$id/read", $up_to);
}

sub close ($self, $id) { $self->post("operator/conversations/$id/close") }


1;
